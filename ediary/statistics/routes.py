"""Who comes into the diary, a month a page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.permissions import Permission, requires
from ediary.statistics import paper, queries

bp = Blueprint("statistics", __name__, url_prefix="/statistics")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires(Permission.STATISTICS_READ)
def index() -> ResponseReturnValue:
    return redirect(url_for(".month", month=Month.of(clock.today())), 303)


@bp.get("/<month:month>")
@requires(Permission.STATISTICS_READ)
def month(month: Month) -> str:
    return render_template("statistics/month.html", p=queries.month_page(month))


@bp.get("/<month:month>.xlsx")
@requires(Permission.STATISTICS_READ)
def workbook(month: Month) -> Response:
    answer = make_response(paper.workbook(queries.month_page(month)))
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="prisijungimai-{month}.xlsx"'
    return answer
