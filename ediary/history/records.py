"""Which record a page shows: the way from the page to its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ediary.core.dates import Month

#: the part of an address that names a record -> its table
TABLES: dict[str, str] = {
    "act_id": "acts_act",
    "check_id": "handovers_leaver_check",
    "closure_id": "workdays_closure",
    "departure_id": "children_departure",
    "diet_id": "meals_diet",
    "document_id": "institutions_document",
    "employee_id": "staff_employee",
    "extra_id": "workdays_extra_day",
    "import_id": "registers_import",
    "leave_id": "transfers_temporary_leave",
    "meal_kind_id": "meals_kind",
    "paper_id": "papers_paper",
    "reason_id": "attendance_reason",
}


def record_of(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What of the history belongs to a page, by the values in its address; None for a page that shows no record."""
    if "child_id" in values:
        return {"child": values["child_id"]}
    for name, table in TABLES.items():
        if name in values:
            return {"table": table, "row": values[name]}
    if "group_id" not in values:
        return None
    group = {"group": values["group_id"]}
    if "day" in values:
        return {**group, "first": values["day"], "last": values["day"]}
    if "month" in values:
        month: Month = values["month"]
        return {**group, "first": month.first, "last": month.last}
    return {"table": "groups_group", "row": values["group_id"]}
