"""Which record a remark is about: a page of ours, said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from ediary.children.models import Child
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.i18n import month_long
from ediary.groups import queries as groups

#: the pages a remark can be about
PAGES = frozenset({"attendance.day", "sheets.sheet", "cards.card", "groups.group", "kitchen.board", "sheets.month"})


@dataclass(frozen=True)
class Record:
    """What a remark is about; `group_id`: whose educators it probably is for."""

    said: str
    url: str
    group_id: int | None = None


def record_at(path: str) -> Record | None:
    """The record at an address of ours; "" = about none in particular. One statement.

    Raises BadInput for a page no remark can be about, NotFound when its group or child does not exist.
    """
    if not path:
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        endpoint, values = "", {}
    if endpoint not in PAGES:
        raise BadInput(_("A remark can be about a group, its day or month, a child's card, or a day of the kitchen."))
    return Record(_said(endpoint, values), url_for(endpoint, **values), values.get("group_id"))


def _said(endpoint: str, values: Mapping[str, Any]) -> str:
    if endpoint == "cards.card":
        row = db.session.execute(
            select(Child.first_name, Child.last_name).where(Child.id == values["child_id"])
        ).first()
        if row is None:
            raise NotFound
        return _("card of %(name)s", name=f"{row.first_name} {row.last_name}")
    if endpoint == "kitchen.board":
        return _("kitchen, %(day)s", day=values["day"].isoformat())
    if endpoint == "sheets.month":
        return _("month sheets, %(month)s", month=month_long(values["month"]))
    name = groups.group(values["group_id"]).name
    if endpoint == "attendance.day":
        return _("%(group)s, day %(day)s", group=name, day=values["day"].isoformat())
    if endpoint == "sheets.sheet":
        return _("%(group)s, month sheet, %(month)s", group=name, month=month_long(values["month"]))
    return _("group %(group)s", group=name)
