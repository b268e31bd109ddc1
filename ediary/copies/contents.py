"""What stands in a copy: every table that names the person, column by column, and what is left out and why.

`reach` walks the models; a table or a column it finds that is not said here fails the tests.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.copies.columns import (
    ADDRESS,
    DAY,
    DIET,
    EMAIL,
    FROM,
    GROUP,
    KIND,
    MEAL,
    MENDED,
    NAME,
    NOTE,
    ORDER,
    PHONE,
    REASON,
    SURNAME,
    UNTIL,
    WHAT_FOR,
    WHEN,
    WHO,
    About,
    Sheet,
)

#: what no copy shows of any table: keys of the database, and hashes
TECHNICAL = frozenset({"id", "institution_id", "sha256", "report_sha256", "data_sha256", "media_type"})

_SPAN = {"valid_from": FROM, "valid_to": UNTIL}
_NAMES = {"first_name": NAME, "last_name": SURNAME}

_SUBJECT = {"child_id": "the child itself"}
_OTHERS = "another person's own: it stands in that person's copy"

_COPY = Sheet(
    _l("Copies made of these data"),
    {
        "made_at": WHEN,
        "format": KIND,
        "asked_by": _l("Asked by"),
        "ground": _l("On what ground"),
        "with_codes": _l("With personal codes"),
        "with_health": _l("With health data"),
        "made_by": _l("Made by"),
        "size": _l("Size in bytes"),
    },
    dict.fromkeys(("child_id", "employee_id", "guardian_id", "user_id", "name"), "the person itself"),
)

#: the tables of a child's copy, in the order in which they are read
CHILD: dict[str, Sheet] = {
    "children_child": Sheet(_l("The child"), {**_NAMES, "birth_date": _l("Date of birth")}),
    "children_particulars": Sheet(
        _l("Particulars"),
        {
            "address": ADDRESS,
            "languages": _l("Languages"),
            "family_note": _l("About the family"),
            "special_needs": _l("Special needs"),
            "needs_note": _l("About the needs"),
        },
        _SUBJECT,
    ),
    "children_guardian": Sheet(
        _l("Parents and guardians"),
        {"relation": _l("Relation"), **_NAMES, "may_collect": _l("May collect"), **_SPAN},
        {**_SUBJECT, "phone": _OTHERS, "email": _OTHERS, "address": _OTHERS, "user_id": _OTHERS},
    ),
    "children_collector": Sheet(
        _l("Who else may collect"),
        {**_NAMES, "relation": _l("Relation"), **_SPAN},
        {**_SUBJECT, "phone": _OTHERS},
    ),
    "children_consent": Sheet(
        _l("Consents"),
        {
            "kind": WHAT_FOR,
            "is_given": _l("Given"),
            "said_by": _l("Said by"),
            "said_on": _l("Said on"),
            **_SPAN,
        },
        _SUBJECT,
    ),
    "health_must_not_eat": Sheet(_l("Must not eat"), {"text": _l("What"), **_SPAN}, _SUBJECT),
    "children_personal_code": Sheet(
        _l("Personal code"),
        {"sealed": _l("Code")},
        {**_SUBJECT, "of": "only the child's own is shown", "lookup": "an index without meaning"},
    ),
    "children_payer_code": Sheet(_l("Codes in accounting"), {"code": _l("Code"), **_SPAN}, _SUBJECT),
    "children_enrolment": Sheet(
        _l("Places in groups"),
        {"group_id": GROUP, "home_id": _l("A guest from"), **_SPAN, "order_id": ORDER},
        {**_SUBJECT, "home_order_id": "the order stands at the own place"},
    ),
    "children_visit": Sheet(
        _l("Visits to other groups"),
        {"group_id": GROUP, "first": FROM, "last": UNTIL, "order_id": ORDER},
        _SUBJECT,
    ),
    "years_move": Sheet(
        _l("From a school year to the next"),
        {
            "year": _l("School year"),
            "from_id": _l("From the group"),
            "into_id": _l("Into the group"),
            "made_at": WHEN,
            "made_by": WHO,
        },
        {**_SUBJECT, "ended_on": "only for taking the move back"},
    ),
    "attendance_child_day": Sheet(
        _l("Attendance"),
        {"day": DAY, "group_id": GROUP, "presence": _l("Came"), "reason_id": REASON, "changed_at": _l("Marked")},
        _SUBJECT,
        by_month=("group_id", "presence", "reason_id"),
    ),
    "acts_change": Sheet(
        _l("Mended after it was locked"),
        {"act_id": _l("Act"), "day": DAY, "group_id": GROUP, **MENDED, "mended_at": WHEN},
        {**_SUBJECT, "about": "the child itself", "position": "a line's place in the act"},
    ),
    "attendance_announcement": Sheet(
        _l("Announced absences"),
        {**_SPAN, "reason_id": REASON, "caller": _l("Announced by"), "called_at": WHEN},
        _SUBJECT,
    ),
    "transfers_temporary_leave": Sheet(
        _l("Temporary leave"),
        {**_SPAN, "kind": _l("Where"), "note": NOTE, "order_id": ORDER},
        {**_SUBJECT, "announcement_id": "the announcement stands among the announced absences"},
    ),
    "meals_order": Sheet(_l("Meals ordered"), {"meal_kind_id": MEAL, **_SPAN}, _SUBJECT),
    "meals_child_diet": Sheet(_l("Diets"), {"diet_id": DIET, **_SPAN}, _SUBJECT),
    "portions_portion": Sheet(
        _l("Portions cooked"),
        {"day": DAY, "meal_kind_id": MEAL, "age_band": _l("Age"), "diet_id": DIET, "group_id": GROUP},
        {**_SUBJECT, "locked_day_id": "the day says it"},
        by_month=("meal_kind_id", "age_band", "diet_id"),
    ),
    "portions_correction": Sheet(
        _l("Corrections of portions"),
        {
            "day": DAY,
            "number": _l("No."),
            "delta": _l("Portions"),
            "group_id": GROUP,
            "made_at": WHEN,
            "made_by": WHO,
            "confirmed_at": _l("Confirmed"),
            "confirmed_by": _l("Confirmed by"),
        },
        {**_SUBJECT, "locked_day_id": "the day says it"},
    ),
    "portions_correction_line": Sheet(
        _l("Corrections, meal by meal"),
        {
            "correction_id": _l("Correction"),
            "meal_kind_id": MEAL,
            "age_band": _l("Age"),
            "diet_id": DIET,
            "delta": _l("Portions"),
        },
    ),
    "portions_correction_request": Sheet(
        _l("Corrections asked for"),
        {
            "day": DAY,
            "present": _l("The child is there"),
            "note": NOTE,
            "state": _l("What became of it"),
            "group_id": GROUP,
            "asked_at": WHEN,
            "asked_by": WHO,
            "decided_at": _l("Decided"),
            "decided_by": _l("Decided by"),
            "correction_id": _l("Correction"),
        },
        _SUBJECT,
    ),
    "children_file": Sheet(
        _l("Documents"),
        {
            "title": _l("Title"),
            "day": DAY,
            "file_name": _l("File"),
            "size": _l("Size in bytes"),
            "entered_at": WHEN,
            "entered_by": WHO,
            "withdrawn_at": _l("Withdrawn"),
        },
        _SUBJECT,
    ),
    "papers_paper": Sheet(
        _l("Papers for absences"),
        {
            "kind": KIND,
            "number": _l("Number"),
            "first": FROM,
            "last": UNTIL,
            "received_at": _l("Received"),
            "issued_on": _l("Given out on"),
            "file_name": _l("File"),
            "size": _l("Size in bytes"),
            "entered_at": WHEN,
            "entered_by": WHO,
            "struck_at": _l("Struck out"),
            "struck_by": _l("Struck out by"),
            "struck_why": _l("Why struck out"),
            "group_id": GROUP,
        },
        _SUBJECT,
    ),
    "transfers_arrival": Sheet(
        _l("Came from another kindergarten"),
        {
            "from_name": _l("From where"),
            "last_day": _l("Last day there"),
            "places": _l("Groups there"),
            "diet": _l("Diet there"),
            "taken_at": WHEN,
            "taken_by": WHO,
        },
        _SUBJECT,
    ),
    "children_departure": Sheet(
        _l("Leaving"),
        {
            "day": _l("Last day"),
            "reason": REASON,
            "note": NOTE,
            "order_id": ORDER,
            "entered_at": WHEN,
            "entered_by": WHO,
        },
        _SUBJECT,
    ),
    "transfers_offer": Sheet(
        _l("On the list shared with other kindergartens"),
        {
            **_NAMES,
            "birth_year": _l("Year of birth"),
            "from_name": _l("From where"),
            "made_at": _l("Put on the list"),
            "taken_at": _l("Taken over"),
            "withdrawn_at": _l("Withdrawn"),
        },
        {"departure_id": "the leaving stands above", "taken_by_id": "another institution's row is not read here"},
    ),
    "copies_copy": _COPY,
}

#: the tables of the copy of an employee, a parent or a log-in
PERSON: dict[str, Sheet] = {
    "staff_employee": Sheet(
        _l("At work"),
        {**_NAMES, "position": _l("Position"), "email": EMAIL, "phone": PHONE, **_SPAN},
        {"user_id": "the person itself"},
    ),
    "children_guardian": Sheet(
        _l("Parent or guardian"),
        {
            "child_id": _l("Of the child"),
            "relation": _l("Relation"),
            **_NAMES,
            "phone": PHONE,
            "email": EMAIL,
            "address": ADDRESS,
            "may_collect": _l("May collect"),
            **_SPAN,
        },
        {"user_id": "the person itself"},
    ),
    "children_personal_code": Sheet(
        _l("Personal code"),
        {"sealed": _l("Code")},
        {
            "child_id": "at which of the children it is kept",
            "of": "only the person's own is shown",
            "lookup": "an index without meaning",
        },
    ),
    "accounts_user": Sheet(
        _l("Log-in"),
        {"login": _l("Log-in name"), **_NAMES, "closed_at": _l("Closed")},
        {"made_by_id": "which kindergarten made it is no word about the person"},
    ),
    "accounts_membership": Sheet(
        _l("Roles"), {"role": _l("Role"), **_SPAN, "order_id": ORDER}, {"user_id": "the person itself"}
    ),
    "groups_staff": Sheet(
        _l("Work in groups"),
        {
            "group_id": GROUP,
            "duty": _l("As what"),
            **_SPAN,
            "minutes_a_day": _l("Minutes a day"),
            "order_id": ORDER,
        },
        {
            "user_id": "the person itself",
            "substitutes_id": "whom somebody stood in for is that person's",
            "merge_id": "a merge is of groups",
        },
    ),
    "handovers_worked_day": Sheet(
        _l("Worked otherwise than planned"),
        {"day": DAY, "minutes": _l("Minutes"), "note": NOTE},
        {"staff_id": "the work stands above"},
    ),
    "handovers_leaver_check": Sheet(
        _l("Records handed over on leaving"),
        {
            "last_day": _l("Last day"),
            "remarks": _l("Remarks"),
            "order_id": ORDER,
            "checked_at": _l("Checked"),
            "checked_by": _l("Checked by"),
        },
        {
            "employee_id": "the person itself",
            "successor_id": _OTHERS,
            "found": "counts of what the person wrote about children; the act prints them",
        },
    ),
    "supervision_check": Sheet(
        _l("Checks of the filling-in"),
        {
            "month": _l("Month"),
            "role": _l("Role"),
            "in_order": _l("In order"),
            "found": _l("What was found"),
            "checked_at": _l("Checked"),
            "checked_by": _l("Checked by"),
        },
        {"person_id": "the person itself", "group_id": "empty where a person was checked"},
    ),
    "supervision_remark": Sheet(
        _l("Remarks about the filling-in"),
        {
            "about": _l("About"),
            "text": _l("Remark"),
            "written_at": WHEN,
            "written_by": WHO,
            "answered_at": _l("Answered"),
            "closed_at": _l("Closed"),
            "is_heeded": _l("Heeded"),
        },
        {"person_id": "the person itself", "author_id": "said with the name", "url": "an address of the program"},
    ),
    "supervision_answer": Sheet(
        _l("Answers to remarks"),
        {"text": _l("Answer"), "answered_at": WHEN, "answered_by": WHO},
        {"remark_id": "the remark stands above"},
    ),
    "accounts_pledge_acceptance": Sheet(
        _l("Pledges accepted"),
        {"text_id": _l("Text in force from"), "accepted_by": _l("Accepted as"), "accepted_at": WHEN},
        {"user_id": "the person itself"},
    ),
    "accounts_slip": Sheet(
        _l("Slips printed"),
        {
            "printed_at": WHEN,
            "printed_by": WHO,
            "valid_until": _l("Valid until"),
            "used_at": _l("Used"),
            "ended_at": _l("Replaced"),
        },
        {
            "user_id": "the person itself",
            "is_for_lost_factor": "what for is said to the person on the slip",
            "shuts_others": "whether another kindergarten knows the person is not this one's to tell",
        },
    ),
    "accounts_vouching": Sheet(
        _l("Vouched for after a slip of another kindergarten"),
        {"vouched_at": WHEN, "vouched_by": WHO},
        {"user_id": "the person itself"},
    ),
    "accounts_session": Sheet(
        _l("Comings in"),
        {
            "created_at": WHEN,
            "membership_id": _l("Role"),
            "device": _l("Device"),
            "seen_at": _l("Last seen"),
            "ended_at": _l("Left"),
            "tablet_id": _l("On the shared tablet"),
        },
        {
            "token_hash": "a secret",
            "user_id": "the person itself",
            "entered_on": "that entering asked nothing more",
            "idle_minutes": "a rule of the house",
            "second_factor_at": "when a code was typed in this session",
        },
        codes={"device": {"tablet": _l("Tablet"), "phone": _l("Telephone"), "desktop": _l("Computer")}},
    ),
    "notices_notice": Sheet(
        _l("Notices"),
        {"at": WHEN, "text": _l("What it said"), "read_at": _l("Read")},
        {"person_id": "the person itself", "url": "an address of the program", "role": "to which role it was told"},
    ),
    "copies_copy": _COPY,
}

SHEETS = {About.CHILD: CHILD, About.PERSON: PERSON}

#: tables about several people at once, of which only rows that all their links name are the person's
ALL_LINKS = frozenset({"accounts_session"})
#: kept files: table -> the column of their hash, and of the name they came with
FILES = {
    "children_file": ("sha256", "file_name"),
    "papers_paper": ("sha256", "file_name"),
    "children_departure": ("report_sha256", None),
}
#: of these tables the history shows who changed what when, but not what it says: it is about other people
OF_OTHERS = frozenset({"children_guardian", "children_collector", "children_personal_code"})
