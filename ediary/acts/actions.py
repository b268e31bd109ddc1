"""Closing what was opened, and the act it makes; writing it, registering it, keeping it on paper (C5; K 17, 23.9).

Order of locks everywhere: the group's month and days, the unlock, then the institution's own row for the number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from ediary.accounts.queries import holders
from ediary.acts import queries, rules
from ediary.acts.gather import Found, gathered
from ediary.acts.models import EXPLANATION_LENGTH, Act, ActChange, ActPaper
from ediary.children.models import Guardian
from ediary.core import proof, store
from ediary.core.audit import canonical
from ediary.core.dates import VILNIUS, Month
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, NotAllowed, NotFound
from ediary.core.history import record
from ediary.core.locks import end_reading, held, write_transaction
from ediary.core.members import member_of
from ediary.core.permissions import Role
from ediary.core.seals import seal
from ediary.core.session import acting_for, scope
from ediary.core.settled import one_at_a_time
from ediary.core.spans import valid_on
from ediary.groups import queries as groups
from ediary.institutions import queries as institutions
from ediary.institutions.actions import known_document
from ediary.institutions.models import Document, DocumentKind
from ediary.notices import actions as notices
from ediary.periods import opened, unlocks
from ediary.periods.models import Unlock
from ediary.workdays import queries as workdays

# --- opening ------------------------------------------------------------------------------------------------


def open_months(
    group_ids: Collection[int], month: Month, reason: str, days_on: int, opened_by: str, days: Collection[date]
) -> list[Unlock]:
    """Open a closed month, and the presence of some of its days. The snapshots are stored before.

    Raises NotFound for a group one does not have, BadInput for a day on which one of the groups did not work or that is
    still to come, and like `periods.unlocks.open_months`.
    """
    if not group_ids:
        raise BadInput(_("Choose at least one group to open."))
    calendar = workdays.calendar(month.first, month.last)
    for day in sorted(days):
        worked = all(calendar.is_working(day, group_id) for group_id in group_ids)
        if Month.of(day) != month or day > held().today or not worked:
            raise BadInput(_("%(day)s: the group did not work on this day. Nothing was opened.", day=day.isoformat()))
    return unlocks.open_months(group_ids, month, reason, days_on, opened_by, days)


def open_removing(group_ids: Collection[int | None], reason: str, days_on: int, opened_by: str) -> list[Unlock]:
    """Let records of these groups be removed; None = of no group. Raises NotFound, and BadInput as `periods` does."""
    for group_id in group_ids:
        if group_id is not None:
            groups.group(group_id)
    return unlocks.open_removing(group_ids, reason, days_on, opened_by)


# --- closing ------------------------------------------------------------------------------------------------


def close(unlock_id: int, closed_by: str) -> Act | None:
    """Close by hand; gives the act, or None when nothing is different. The caller holds its points exclusively.

    Raises NotFound, or Stale when it is closed already.
    """
    row = unlocks.take(unlock_id)
    unlocks.close(row, closed_by)
    act = _conclude(row)
    seal()
    return act


def ensure_closed() -> int:
    """Conclude the unlocks whose term is over and which nobody has concluded yet; gives how many this call did.

    Called by whoever comes first: the month's pages, the acts' pages, the nightly command. Done as the institution,
    each in a transaction of its own, and of what was written before the term's end: the same whoever does it, whenever.
    One statement where there is nothing to do.
    """
    if db.session().info.get("held") is not None:
        raise FenceBreach("what has run out is concluded before the caller's own write transaction")
    ids = opened.run_out()
    if not ids:
        return 0
    institution_id = scope().institution_id
    end_reading()
    with acting_for(institution_id):
        return sum(_expire(unlock_id) for unlock_id in ids)


def _expire(unlock_id: int) -> bool:
    with write_transaction(lock=opened.one(unlock_id).points, exclusive=True):
        row = unlocks.take(unlock_id)
        if row.closed_at is not None:
            return False
        unlocks.expire(row)
        _conclude(row)
        seal()
    return True


def _conclude(row: Unlock) -> Act | None:
    """The act of an unlock just closed. Nothing different: no act, and that is said too."""
    if row.closed_at is None:
        raise FenceBreach("an act is made of what is closed")
    found = gathered(row, row.closed_at)
    what = unlocks.what_said(row)
    if not found:
        unlocks.tell(row, _("Closed again: %(what)s. Nothing was changed, so there is no act.", what=what), "/acts/")
        return None
    one_at_a_time()
    day = row.closed_at.astimezone(VILNIUS).date()
    act = Act(
        unlock_id=row.id,
        group_id=row.group_id,
        year=day.year,
        number=_last_number(day.year) + 1,
        month=row.month or (Month.of(row.day) if row.day is not None else None),
        made_at=row.closed_at,
        found=_said(row, what, day),
        writer_id=rules.writer((one.erred_id for one in found), queries.may_write(held().today)),
        appointed_by=None,
        explanation="",
        written_at=None,
        written_by=None,
        registry_number=None,
        registered_on=None,
        registered_by=None,
        document_id=None,
    )
    db.session.add(act)
    db.session.flush()
    db.session.add_all(_change(act, position, one) for position, one in enumerate(found, start=1))
    db.session.flush()
    _tell(row, act, what, found)
    return act


def _last_number(year: int) -> int:
    return db.session.scalar(select(func.max(Act.number)).where(Act.year == year)) or 0


def _said(row: Unlock, what: str, day: date) -> str:
    here = institutions.current()
    return canonical(
        {
            "institution": here.name,
            "code": here.code,
            "what": what,
            "opened_at": row.opened_at.isoformat(),
            "opened_by": row.opened_by,
            "reason": row.reason,
            "closed_at": row.closed_at.isoformat() if row.closed_at else "",
            "closed_by": row.closed_by or "",
            "administrators": holders(Role.ADMINISTRATOR, day),
        }
    )


def _change(act: Act, position: int, one: Found) -> ActChange:
    return ActChange(
        act_id=act.id,
        position=position,
        child_id=one.child_id,
        group_id=act.group_id,
        day=one.day,
        about=one.about,
        what=one.what,
        was=one.was,
        now=one.now,
        erred=one.erred,
        mended=one.mended,
        mended_at=one.mended_at,
    )


def _tell(row: Unlock, act: Act, what: str, found: Sequence[Found]) -> None:
    """Those who keep the group's records hear of the act, whoever writes it is asked to, parents hear of their own
    child's day: by themselves (K 20)."""
    url = f"/acts/{act.id}"
    changes = ngettext("%(num)s change", "%(num)s changes", len(found))
    text = _("Act of data change No. %(number)s: %(what)s, %(changes)s.", number=said(act), what=what, changes=changes)
    unlocks.tell(row, text, url)
    if act.writer_id is not None:
        notices.tell([act.writer_id], _("Write act of data change No. %(number)s.", number=said(act)), url)
    else:
        for role in (Role.DEPUTY, Role.DIRECTOR):
            text = _("Appoint who writes act of data change No. %(number)s.", number=said(act))
            notices.tell_role(role, text, url)
    _tell_guardians(found)


def _tell_guardians(found: Sequence[Found]) -> None:
    changed: dict[int, list[Found]] = {}
    for one in found:
        if one.child_id is not None and one.day is not None:
            changed.setdefault(one.child_id, []).append(one)
    rows: Any = db.session.execute(
        select(Guardian.child_id, Guardian.user_id).where(
            member_of(Guardian.child_id, "ids"), valid_on(Guardian, held().today), Guardian.user_id.is_not(None)
        ),
        {"ids": list(changed)},
    )
    for child_id, user_id in rows:
        for one in changed[child_id]:
            known = {"name": one.about, "day": str(one.day), "was": one.was, "now": one.now}
            text = _("%(name)s, %(day)s: the record was mended. It said: %(was)s; it says now: %(now)s.", **known)
            notices.tell([user_id], text, "/home/children", role=Role.GUARDIAN)


def said(act: Act) -> str:
    """An act's number as it is written: 2026-3."""
    return f"{act.year}-{act.number}"


# --- writing ------------------------------------------------------------------------------------------------


def _take(act_id: int) -> Act:
    act = db.session.scalars(
        select(Act).where(Act.id == act_id).with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if act is None:
        raise NotFound
    return act


def appoint(act_id: int, user_id: int, by: str) -> None:
    """Somebody else writes the act: who erred is gone, or not known (K 17.2). Raises NotFound, BadInput."""
    act = _take(act_id)
    if act.registry_number is not None:
        raise BadInput(_("The act is registered: it is no longer rewritten."))
    if user_id not in queries.may_write(held().today):
        raise NotFound
    act.writer_id, act.appointed_by = user_id, by
    db.session.flush()
    notices.tell([user_id], _("Write act of data change No. %(number)s.", number=said(act)), f"/acts/{act.id}")


def write(act_id: int, explanation: str, by: str) -> None:
    """How the error came about, in the words of who writes the act. Raises NotFound, NotAllowed, BadInput."""
    act = _take(act_id)
    if act.writer_id != scope().user_id:
        raise NotAllowed(_("The act is written by whoever erred, or by somebody the deputy appoints."))
    if act.registry_number is not None:
        raise BadInput(_("The act is registered: it is no longer rewritten."))
    if not explanation.strip() or len(explanation) > EXPLANATION_LENGTH:
        raise BadInput(_("Write how the error came about, in at most %(count)s characters.", count=EXPLANATION_LENGTH))
    act.explanation, act.written_at, act.written_by = explanation.strip(), held().now, by
    db.session.flush()
    for role in (Role.SECRETARY, Role.DEPUTY):
        notices.tell_role(role, _("Register act of data change No. %(number)s.", number=said(act)), f"/acts/{act.id}")


def register(act_id: int, number: str, day: date, by: str) -> None:
    """The number under which the act is registered, and its day (K 23.9.2). Raises NotFound, BadInput."""
    act = _take(act_id)
    if act.written_at is None:
        raise BadInput(_("The act is not written yet: whoever erred says first how it came about."))
    if day < act.made_at.astimezone(VILNIUS).date() or day > held().today:
        raise BadInput(_("An act is registered between the day it was made and today."))
    one_at_a_time()
    other = known_document(DocumentKind.OTHER, number, day)
    if other is not None and other.id != act.document_id:
        known = {"number": number, "day": day.isoformat()}
        raise BadInput(_("Document No. %(number)s, %(day)s is entered already.", **known))
    act.registry_number, act.registered_on, act.registered_by = number, day, by
    db.session.flush()


# --- paper --------------------------------------------------------------------------------------------------


def keep_paper(act_id: int, mark: proof.Mark, content: bytes, printed_by: str) -> None:
    """Keep the act as it was made on paper; once it is registered, among the documents too. Raises NotFound."""
    act = _take(act_id)
    last = queries.last_paper(act_id)
    if last is None or last.data_sha256 != mark.content_sha256:
        last = ActPaper(
            act_id=act_id,
            number=last.number + 1 if last else 1,
            sha256=store.keep(content),
            data_sha256=mark.content_sha256,
            size=len(content),
            made_at=held().now,
        )
        db.session.add(last)
        proof.keep(mark, content, printed_by)
    if act.registry_number is not None and act.registered_on is not None:
        _among_documents(act, act.registry_number, act.registered_on, last)
    db.session.flush()


def _among_documents(act: Act, number: str, day: date, paper: ActPaper) -> None:
    document = db.session.get(Document, act.document_id) if act.document_id is not None else None
    if document is None:
        document = Document(
            kind=DocumentKind.OTHER,
            number=number,
            day=day,
            title=_("Act of data change No. %(number)s", number=said(act)),
            entered_at=held().now,
            entered_by=act.registered_by or "",
        )
        db.session.add(document)
    document.number, document.day = number, day
    document.sha256, document.size, document.media_type = paper.sha256, paper.size, "application/pdf"
    document.file_name = file_name(act)
    db.session.flush()
    act.document_id = document.id


def file_name(act: Act) -> str:
    return f"duomenu-keitimo-aktas-{said(act)}.pdf"


def note_print(act_id: int, check: str) -> None:
    """A paper with children's names is noted in the history before it is given out. Raises NotFound."""
    record("print", queries.act(act_id), paper="data_change_act", check=check)
