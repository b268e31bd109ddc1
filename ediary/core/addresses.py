"""Our own addresses: what a page asks of its reader."""

from __future__ import annotations

from flask import current_app
from werkzeug.exceptions import HTTPException

from ediary.core.permissions import Permission


def needs(path: str) -> tuple[Permission | None, int | None]:
    """What a page of ours asks of its reader, and the group it is about; nothing for no page."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return None, None
    return getattr(current_app.view_functions[endpoint], "required_permission", None), values.get("group_id")
