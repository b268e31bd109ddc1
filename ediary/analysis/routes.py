"""Absences analysed, for the social pedagogue and the child welfare commission: page, PDF, spreadsheet."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ediary.analysis import actions, paper, queries
from ediary.analysis.forms import AskForm
from ediary.analysis.queries import AnalysisPage, Asked
from ediary.analysis.rules import Limits
from ediary.core import clock, proof
from ediary.core.dates import Month
from ediary.core.forms import checked
from ediary.core.htmx import invalid
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires

bp = Blueprint("analysis", __name__, url_prefix="/analysis")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(form: AskForm) -> Asked:
    first, last = form.months()
    limits = Limits(form.long.data, form.often.data, form.unjustified.data)
    return Asked(first, last, form.group.data, limits, form.all.data)


@bp.get("/")
@requires(Permission.ANALYSIS_READ)
def index() -> ResponseReturnValue:
    form = AskForm.asked(Month.of(clock.today()))
    if not form.validate():
        return invalid("analysis/index.html", form=form, p=None)
    page = queries.analysis(_asked(form))
    form.first.data, form.last.data = page.asked.first, page.asked.last
    return render_template("analysis/index.html", form=form, p=page)


@bp.get("/report.pdf")
@requires(Permission.ANALYSIS_READ)
def report_pdf() -> Response:
    """For the commission, to be signed; a paper with children's names is on record before it is given out."""
    page = _page()
    drafted = paper.pdf(page, current_user.signature)
    with write_transaction():
        actions.note_print(page.asked, drafted.check)
    return _given(proof.printed(drafted, current_user.signature), page.asked, "application/pdf", "pdf")


@bp.get("/report.xlsx")
@requires(Permission.ANALYSIS_READ)
def report_xlsx() -> Response:
    page = _page()
    made = paper.xlsx(page)
    with write_transaction():
        actions.note_print(page.asked, made.check)
    return _given(made.content, page.asked, XLSX, "xlsx")


def _page() -> AnalysisPage:
    return queries.analysis(_asked(checked(AskForm.asked(Month.of(clock.today())))))


def _given(content: bytes, asked: Asked, mimetype: str, extension: str) -> Response:
    answer = make_response(content)
    answer.mimetype = mimetype
    how = "inline" if extension == "pdf" else "attachment"
    name = f"lankomumo-analize-{asked.first}-{asked.last}.{extension}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer
