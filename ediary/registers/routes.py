"""Lists in and compared: the file, its columns, the differences, writing them and taking them back; lists out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.core import clock
from ediary.core.errors import BadInput, Locked, NotFound, Stale
from ediary.core.forms import checked
from ediary.core.htmx import invalid, is_htmx, redraw_on_refusal, reply, toast
from ediary.core.locks import write_transaction
from ediary.core.people import role_name
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import send
from ediary.registers import actions, applying, lists, pages, paper, queries, ready, sending, undoing, words
from ediary.registers.comparing import compared
from ediary.registers.forms import ApartForm, ApplyForm, ColumnsForm, DecideForm, UploadForm, WayForm
from ediary.registers.models import Import, State
from ediary.registers.rules import Kind, Verdict
from ediary.staff.roles import BY_ORDER, OF_EMPLOYEES

#: no spreadsheet has more
MOST_ROW = 2**20

bp = Blueprint("registers", __name__, url_prefix="/registers")


@bp.context_processor
def spoken() -> dict[str, Any]:
    """What the lists' templates say of codes."""
    return {
        "kinds": words.KINDS,
        "headings": words.HEADINGS,
        "name_orders": words.NAME_ORDERS,
        "day_orders": words.DAY_ORDERS,
        "encodings": words.ENCODINGS,
        "separators": words.SEPARATORS,
        "roles": [(role, role_name(role, "")) for role in OF_EMPLOYEES if role not in BY_ORDER],
        "said_fields": lambda fields: ", ".join(str(words.HEADINGS[field]) for field in fields),
        "link_of": link_of,
    }


def link_of(kind: Kind, one_id: int) -> str | None:
    """Where one who is missing in a file is looked at."""
    if kind is Kind.CHILDREN:
        return url_for("cards.card", child_id=one_id)
    return url_for("people.employee", employee_id=one_id) if kind is Kind.EMPLOYEES else None


def kind_of(name: str) -> Kind:
    """The list an address names. Raises NotFound."""
    try:
        return Kind(name)
    except ValueError:
        raise NotFound from None


def to_list(import_id: int) -> ResponseReturnValue:
    return redirect(url_for("registers.one", import_id=import_id), 303)


@bp.get("/")
@requires(Permission.REGISTER_READ)
def index() -> str:
    return render_template("registers/index.html", p=queries.index_page())


# --- the file -------------------------------------------------------------------------------------------------------


def upload_form() -> UploadForm:
    form = UploadForm()
    form.offer(queries.years_offered(clock.today()))
    return form


@bp.get("/lists/<which>/new")
@requires(Permission.REGISTER_WRITE)
def new(which: str) -> str:
    return render_template("registers/upload.html", kind=kind_of(which), form=upload_form())


@bp.post("/lists/<which>/new")
@requires(Permission.REGISTER_WRITE)
def upload(which: str) -> ResponseReturnValue:
    kind, form = kind_of(which), upload_form()
    if not form.validate():
        return invalid("registers/upload.html", kind=kind, form=form)
    sent = sending.prepare(kind, form.school_year.data, form.sent)
    with write_transaction():
        made_id = actions.receive(sent, current_user.signature).id
    return redirect(url_for("registers.columns", import_id=made_id), 303)


@bp.post("/lists/<which>/forget")
@requires(Permission.REGISTER_WRITE)
def forget(which: str) -> ResponseReturnValue:
    with write_transaction():
        actions.forget_file(kind_of(which))
    toast(_("The file is removed. The history of comparisons stays."))
    return redirect(url_for("registers.index"), 303)


# --- its columns ----------------------------------------------------------------------------------------------------


def way_form(page: queries.ColumnsPage) -> WayForm:
    made = page.made
    return WayForm(
        encoding=made.encoding or "", separator=made.separator or "", sheet=made.sheet or "", head_row=made.head_row
    )


@bp.get("/<int:import_id>/columns")
@requires(Permission.REGISTER_WRITE)
def columns(import_id: int) -> ResponseReturnValue:
    made = queries.made_of(import_id)
    if made.state not in actions.OPEN or not queries.has_file(made):
        return to_list(import_id)
    page = queries.columns_page(import_id)
    return render_template("registers/columns.html", p=page, way=way_form(page))


@bp.post("/<int:import_id>/columns")
@requires(Permission.REGISTER_WRITE)
def settle(import_id: int) -> ResponseReturnValue:
    form = checked(ColumnsForm(request.form))
    sent = sending.Columns(form.columns(queries.made_of(import_id).kind), form.name_orders(), form.day_orders())
    said, page, missing = sending.said_of(import_id, sent)
    if missing:
        return invalid("registers/columns.html", p=page, way=way_form(page), gaps=missing)
    with write_transaction():
        actions.settle_columns(import_id, said)
    return to_list(import_id)


@bp.post("/<int:import_id>/read")
@requires(Permission.REGISTER_WRITE)
def read_otherwise(import_id: int) -> ResponseReturnValue:
    form = checked(WayForm())
    way = actions.Way(form.encoding_chosen, form.separator_chosen, form.sheet.data or None, form.head_row.data)
    rows, said = sending.read_in(import_id, way)
    with write_transaction():
        actions.read_otherwise(import_id, way, rows, said)
    return redirect(url_for("registers.columns", import_id=import_id), 303)


# --- the differences ------------------------------------------------------------------------------------------------


@bp.get("/<int:import_id>")
@requires(Permission.REGISTER_READ)
def one(import_id: int) -> ResponseReturnValue:
    made = queries.made_of(import_id)
    if made.state is State.CHECKED:
        return shown(made)
    if made.state in actions.OPEN and queries.has_file(made):
        if made.state is State.UPLOADED:
            return redirect(url_for("registers.columns", import_id=import_id), 303)
        return render_template("registers/reading.html", p=queries.progress(made))
    return render_template("registers/result.html", p=pages.result_page(made))


def shown(made: Import, status: int = 200, **context: Any) -> Response:
    """The differences as they are now, the part of them that was asked for."""
    page = pages.differences_page(made, request.args.get("show", ""))
    return make_response(render_template("registers/differences.html", p=page, **context), status)


@bp.post("/<int:import_id>/work")
@requires(Permission.REGISTER_WRITE)
def work(import_id: int) -> ResponseReturnValue:
    """The next part of the rows; when all are read, the comparison."""
    redraw_on_refusal("registers/_progress.html", lambda: {"p": queries.progress(queries.made_of(import_id))})
    made = queries.made_of(import_id)
    if made.state is State.MAPPED:
        part = queries.next_part(made)
        found = None if part.sealed else compared(made)
        with write_transaction():
            actions.go_on(import_id, part.number, part.rows_read, part.sealed, found)
    made = queries.made_of(import_id)
    if made.state is State.MAPPED:
        back = url_for("registers.one", import_id=import_id)
        return reply("registers/_progress.html", back=back, p=queries.progress(made))
    if is_htmx():
        return Response(headers={"HX-Redirect": url_for("registers.one", import_id=import_id)})
    return to_list(import_id)


@bp.post("/<int:import_id>/rows/<int:number>")
@requires(Permission.REGISTER_WRITE)
def decide(import_id: int, number: int) -> ResponseReturnValue:
    decided = checked(DecideForm()).decided
    if number > MOST_ROW:
        raise NotFound
    with write_transaction():
        actions.decide(import_id, number, decided)
    return redirect(url_for("registers.one", import_id=import_id, show=request.args.get("show", "")), 303)


@bp.post("/<int:import_id>/leave-out")
@requires(Permission.REGISTER_WRITE)
def leave_out(import_id: int) -> ResponseReturnValue:
    """All rows with faults: the others can be written."""
    found = compared(queries.made_of(import_id))
    numbers = [row.number for row in found.outcomes if row.verdict is Verdict.FAULTY]
    with write_transaction():
        actions.leave_out(import_id, numbers)
    toast(ngettext("%(num)s row is left out.", "%(num)s rows are left out.", len(numbers)))
    return to_list(import_id)


@bp.post("/<int:import_id>/apart")
@requires(Permission.REGISTER_WRITE)
def apart(import_id: int) -> ResponseReturnValue:
    """Whom this register need not have, one or all who are missing; or that it need after all."""
    form = checked(ApartForm())
    missing = compared(queries.made_of(import_id)).comparison.missing if form.all.data else ()
    with write_transaction():
        actions.set_apart(import_id, missing or form.ids, apart=not form.back.data)
    return redirect(url_for("registers.one", import_id=import_id, show=request.args.get("show", "")), 303)


@bp.post("/<int:import_id>/groups")
@requires(Permission.REGISTER_WRITE)
def groups(import_id: int) -> ResponseReturnValue:
    made = queries.made_of(import_id)
    said = pages.group_answers(compared(made), made.school_year, request.form)
    with write_transaction():
        actions.answer_groups(import_id, said)
    return to_list(import_id)


# --- writing it -----------------------------------------------------------------------------------------------------


@bp.post("/<int:import_id>/apply")
@requires(Permission.REGISTER_WRITE)
def apply(import_id: int) -> ResponseReturnValue:
    made, form = queries.made_of(import_id), ApplyForm()
    if made.state is not State.CHECKED or not form.validate():
        return shown(made, 422, form=form) if made.state is State.CHECKED else to_list(import_id)
    page = queries.comparing(made)
    roles = form.roles(request.form, [one.key for one in page.positions])
    choices = ready.Choices(form.starts_on.data, tuple(form.meals.data or ()), roles)
    try:
        prepared = pages.ready_to_write(page, form.seen.data, choices)
        with write_transaction(lock=applying.points(made, prepared, clock.today()), reason=made.file_name):
            actions.apply(import_id, prepared, current_user.signature)
    except (BadInput, Stale, Locked) as refusal:
        return shown(queries.made_of(import_id), refusal.status, form=form, refusal=refusal.message)
    toast(_("The list is written."))
    return to_list(import_id)


@bp.post("/<int:import_id>/undo")
@requires(Permission.REGISTER_WRITE)
def undo(import_id: int) -> ResponseReturnValue:
    made, facts = queries.made_of(import_id), queries.undo_facts(import_id)
    try:
        with write_transaction(lock=undoing.points(made, facts, clock.today()), reason=made.file_name):
            actions.undo(import_id, facts, current_user.signature)
    except BadInput as refusal:
        page = pages.result_page(queries.made_of(import_id))
        return invalid("registers/result.html", p=page, refusal=refusal.message)
    toast(_("The list is taken back: everything is as it was before."))
    return to_list(import_id)


@bp.post("/<int:import_id>/abandon")
@requires(Permission.REGISTER_WRITE)
def abandon(import_id: int) -> ResponseReturnValue:
    with write_transaction():
        actions.abandon(import_id)
    toast(_("The list is left and its file removed. Nothing was changed in the diary."))
    return redirect(url_for("registers.index"), 303)


@bp.post("/<int:import_id>/again")
@requires(Permission.REGISTER_WRITE)
def again(import_id: int) -> ResponseReturnValue:
    """The same file, compared anew."""
    before = queries.made_of(import_id)
    starts_on = queries.first_day(before.school_year, clock.today())
    with write_transaction():
        made_id = actions.again(before, current_user.signature, starts_on).id
    return to_list(made_id)


# --- paper and lists out --------------------------------------------------------------------------------------------


@bp.get("/<int:import_id>/report.pdf")
@requires(Permission.REGISTER_READ)
def report(import_id: int) -> Response:
    made = queries.made_of(import_id)
    content = paper.report(made, current_user.signature)
    with write_transaction():
        actions.note(import_id, "print")
    return send(content, f"sutikrinimas-{lists.NAMES[made.kind]}-{clock.today().isoformat()}.pdf", "application/pdf")


@bp.get("/lists/<which>/template.<form>")
@requires(Permission.REGISTER_READ)
def template(which: str, form: str) -> Response:
    kind, wanted = kind_of(which), format_of(form)
    return send(lists.template(kind, wanted), lists.file_name(kind, wanted, is_template=True), wanted.media_type)


@bp.get("/lists/<which>/export.<form>")
@requires(Permission.REGISTER_WRITE)
def export(which: str, form: str) -> Response:
    """What the diary has now; that it went out is in the history first."""
    kind, wanted = kind_of(which), format_of(form)
    with write_transaction():
        actions.note_export(kind)
    today = clock.today()
    ones = queries.exported(kind, queries.years_offered(today)[0], today)
    return send(lists.export(kind, wanted, ones), lists.file_name(kind, wanted, is_template=False), wanted.media_type)


def format_of(name: str) -> lists.Format:
    """CSV or XLSX. Raises NotFound."""
    try:
        return lists.Format(name)
    except ValueError:
        raise NotFound from None
