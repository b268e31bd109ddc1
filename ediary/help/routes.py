"""Help beside every page (A10): a topic as a panel or a page of its own, and the index."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from ediary.core.htmx import is_htmx
from ediary.core.permissions import Permission, requires
from ediary.help import queries

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/")
@requires(Permission.HOME)
def index() -> str:
    """What helps this role, and what is asked most often."""
    return render_template("help/index.html", p=queries.help_page(current_user.permissions))


@bp.get("/<topic>")
@requires(Permission.HOME)
def topic(topic: str) -> str:
    """One topic: for HTMX the piece that opens beside the page."""
    template = "help/_topic.html" if is_htmx() else "help/topic.html"
    return render_template(template, p=queries.topic_page(topic))
