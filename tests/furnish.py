"""A row of every kind in three places: an own group, another group of the house, another kindergarten.

Written past the fence, with whatever the columns ask for, so that every id an address can hold exists somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, Integer, String, Table, Time, insert

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import Base, db
from ediary.core.locks import write_transaction
from ediary.core.secrets import seal
from ediary.core.store import keep
from ediary.core.types import MonthType, UTCDateTime
from tests.cast import Cast
from tests.conftest import DAY


class Place(StrEnum):
    OWN = "own group"
    OTHER = "other group"
    FOREIGN = "other institution"


#: what an address's part is the id of
KINDS: dict[str, str] = {
    "group_id": "groups_group",
    "child_id": "children_child",
    "announcement_id": "attendance_announcement",
    "reason_id": "attendance_reason",
    "request_id": "portions_correction_request",
    "correction_id": "portions_correction",
    "meal_kind_id": "meals_kind",
    "diet_id": "meals_diet",
    "paper_id": "papers_paper",
    "printed_id": "sheets_printed",
    "act_id": "acts_act",
    "unlock_id": "periods_unlock",
    "closure_id": "workdays_closure",
    "extra_id": "workdays_extra_day",
    "departure_id": "children_departure",
    "leave_id": "transfers_temporary_leave",
    "offer_id": "transfers_offer",
    "arrival_id": "transfers_arrival",
    "tablet_id": "tablets_tablet",
    "staff_id": "groups_staff",
    "merge_id": "groups_merge",
    "visit_id": "children_visit",
    "check_id": "handovers_leaver_check",
    "notice_id": "notices_notice",
    "session_id": "accounts_session",
    "acceptance_id": "accounts_pledge_acceptance",
    "employee_id": "staff_employee",
    "membership_id": "accounts_membership",
    "document_id": "institutions_document",
    "import_id": "registers_import",
    "guardian_id": "children_guardian",
    "collector_id": "children_collector",
    "code_id": "children_personal_code",
    "file_id": "children_file",
    "entry_id": "core_audit_entry",
    "print_id": "core_paper",
    "remark_id": "supervision_remark",
}

#: tables of which each place has its own row though they name neither group nor child
_OF_PEOPLE = {"core_paper", "tablets_tablet", "groups_group", "children_child", "accounts_user"}
#: when what lasts has begun and ended: nothing of ours closes the day that is asked about
LONG_AGO = date(2026, 10, 5)

_PEOPLE = {Place.OWN: ("rasa", "Boružiukai"), Place.OTHER: ("tomas", "Drugeliai"), Place.FOREIGN: ("asta", "Žuvytės")}


@dataclass
class House:
    """Makes and remembers one row of each table in each place."""

    cast: Cast

    def __post_init__(self) -> None:
        self._made: dict[tuple[str, Place], int] = {}
        self._numbers = count(1000)
        for place, (login, group) in _PEOPLE.items():
            institution = self.cast.ezerelis if place is Place.FOREIGN else self.cast.saulute
            self._made["institutions_institution", place] = institution
            self._made["accounts_user", place] = self.cast.users[login]
            self._made["groups_group", place] = self.cast.groups[group]
            self._made["children_child", place] = self.cast.children[group][0]

    def row(self, table_name: str, place: Place) -> int:
        """The id of this table's row in this place; made if it is not there yet."""
        table = Base.metadata.tables[table_name]
        if place is Place.OTHER and not {"group_id", "child_id"} & set(table.c.keys()) and table_name not in _OF_PEOPLE:
            place = Place.OWN  # the house has one for all its groups
        if (table_name, place) not in self._made:
            self._made[table_name, place] = self._insert(table, place, self._except(table_name, place))
        return self._made[table_name, place]

    def _insert(self, table: Table, place: Place, more: dict[str, Any]) -> int:
        wanted = [column for column in table.c if self._wanted(column) and column.name not in more]
        values = {column.name: self._value(table, column, place) for column in wanted} | more
        with write_transaction():
            result = db.session.connection().execute(insert(table).values(values))
        made: int = result.inserted_primary_key[0]
        return made

    def _wanted(self, column: Column[Any]) -> bool:
        belongs = column.name in ("institution_id", "group_id", "child_id")
        return not column.primary_key and (belongs or not (column.nullable or column.default or column.server_default))

    def _except(self, table_name: str, place: Place) -> dict[str, Any]:
        if table_name == "groups_merge":
            if place is Place.FOREIGN:
                return {"into_id": self._insert(Base.metadata.tables["groups_group"], place, {})}
            return {"into_id": self.row("groups_group", Place.OTHER if place is Place.OWN else Place.OWN)}
        if table_name == "groups_staff":
            return {"substitutes_id": self.row("accounts_user", place)}
        if table_name == "periods_unlock":
            return {"day": DAY, "until": clock.now() + timedelta(hours=1)}
        if table_name == "acts_act":
            return {"found": '{"what": "x", "opened_at": "2026-10-05T08:00:00+00:00", "opened_by": "x", "reason": "x"}'}
        if table_name == "handovers_leaver_check":
            return {"found": "{}"}
        if table_name == "core_audit_entry":  # one that keeps something closed
            about = {"child_id": self.row("children_child", place), "group_id": self.row("groups_group", place)}
            return {"table_name": "children_particulars", "changes": "{}", "is_sensitive": True, **about}
        if table_name == "core_paper":
            group_id = self.row("groups_group", place)
            return {"kind": "sheets.month", "about": f'{{"group": {group_id}, "month": "2026-11"}}'}
        if table_name in ("institutions_document", "papers_paper"):
            return {
                "sha256": keep(b"%PDF-1.4\n%%EOF\n"),
                "file_name": "a.pdf",
                "media_type": "application/pdf",
                "size": 15,
            }
        if table_name == "children_personal_code":
            return {"of": "child", "sealed": seal("52203140012")}
        if table_name == "registers_import":
            return {"answers": "", "school_year": 2026}
        if table_name == "transfers_temporary_leave":
            return {"valid_to": DAY}
        somebody = self.cast.users["asta" if place is Place.FOREIGN else "tomas"]  # nobody who asks
        if table_name == "notices_notice":
            return {"person_id": somebody}
        if table_name == "supervision_remark":
            return {"person_id": somebody, "author_id": somebody}
        if table_name == "accounts_membership":
            return {"role": "dietitian"}  # whose work somebody watches over
        if table_name == "accounts_session":
            return {"user_id": somebody}
        if table_name == "accounts_pledge_acceptance":  # of a text that was in force, and is no more
            texts = Base.metadata.tables["accounts_pledge_text"]
            return {"user_id": somebody, "text_id": self._insert(texts, place, {"valid_to": LONG_AGO})}
        if table_name == "accounts_pledge_text":
            return {"valid_from": date(2030, 1, 1)}  # in force it would stand before every page
        return {}

    def _value(self, table: Table, column: Column[Any], place: Place) -> Any:
        for key in column.foreign_keys:
            return self.row(key.column.table.name, place)
        kind = column.type
        if isinstance(kind, Enum):
            return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]  # type: ignore[call-overload]
        if isinstance(kind, UTCDateTime):
            return clock.now()
        if isinstance(kind, MonthType):
            return Month.of(DAY)
        if column.name == "number" and isinstance(kind, Integer):
            return next(self._numbers)
        made: dict[type, Any] = {
            Date: DAY if column.name == "day" else LONG_AGO,
            Time: time(9),
            Boolean: False,
            Integer: 1,
        }
        if column.name.endswith("sha256"):
            return keep(b"%PDF-1.4\n%%EOF\n")
        if isinstance(kind, String):
            return f"{place.value} {next(self._numbers)}"
        return next(value for known, value in made.items() if isinstance(kind, known))
