"""What no copy shows of all that names or holds people's data, each with its reason; `contents` says what it shows."""

from __future__ import annotations

#: tables that name a child or a person and stay out, with the reason
LEFT_OUT: dict[str, str] = {
    "papers_day": "the days of a paper, which stands in the copy with its first and last",
    "accounts_second_factor": "holds secrets only; the person's account page says that there is one",
    "accounts_recovery_code": "holds secrets only",
    "core_audit_entry": "read apart: `gather.history` says who changed or opened what",
}
#: columns that name a person who is not whom the row is about
MENTIONS: dict[str, str] = {
    "acts_act.writer_id": "the act is about the children whose days were mended",
    "groups_staff.substitutes_id": "the row is about who stands in",
    "supervision_remark.author_id": "the row is about whom it was written to",
    "handovers_leaver_check.successor_id": "the row is about who leaves",
}
#: tables that hold people's data without naming them by a key
UNNAMED: dict[str, str] = {
    "acts_act": "what was opened, by whom, why; what it says of a child stands in the child's copy",
    "accounts_login_attempt": "failed guesses under a hashed name, gone within a day",
    "registers_file": "the newest file of a register, sealed until the lists are equal, then removed",
    "registers_part": "a list being read, sealed, removed when it is applied or left",
    "registers_undo": "what taking a list back needs, sealed",
    "sheets_printed": "month sheets of whole groups as printed: other children's data too",
    "institutions_document": "orders and other documents of the house: they may name several people",
}
