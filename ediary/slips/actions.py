"""Making the log-ins of parents and the codes of slips (A7; S II.6, II.7; V 4.2.9; K 22.4)."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts import queries as logins
from ediary.accounts.models import User
from ediary.children import parents
from ediary.children.models import Guardian
from ediary.children.rules import fold
from ediary.core.db import db
from ediary.core.errors import BadInput, NotAllowed, NotFound
from ediary.core.locks import held
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.slips import queries
from ediary.slips.rules import MadeSlip, Relative, rows_of
from ediary.staff.models import Employee


def print_slips(
    employee_ids: Collection[int],
    guardian_ids: Collection[int],
    by: str,
    *,
    replace: bool = False,
    lost_factor: bool = False,
) -> list[MadeSlip]:
    """A code for each of these people; parents without a log-in get one, and the right to see their children.

    `replace`: also for those who have come in already - their password and sessions end. Without it they are refused
    by name, so that nobody's way in is taken by a wrong tick. `lost_factor`: the second step is taken off too, which
    only who keeps the staff's log-ins may. Raises NotFound, NotAllowed, BadInput.
    """
    if len(employee_ids) + len(guardian_ids) > queries.MOST:
        raise BadInput(
            ngettext(
                "At most %(num)s slip is printed at once.", "At most %(num)s slips are printed at once.", queries.MOST
            )
        )
    if lost_factor and not scope().may(Permission.STAFF_WRITE):
        raise NotAllowed("")
    users = list(dict.fromkeys([*_employees(employee_ids), *_guardians(guardian_ids)]))
    if not users:
        raise BadInput(_("Choose for whom slips are to be printed."))
    known = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(users)))}
    ready = [f"{user.first_name} {user.last_name}" for user in known.values() if user.password_hash]
    if ready and not replace:
        raise BadInput(
            _("These people have a password already: %(names)s. Nothing was printed.", names=", ".join(ready))
        )
    made = []
    until = (held().now + credentials.VALID).date()
    for user_id in users:
        code = credentials.issue_slip(user_id, by, lost_factor=lost_factor)
        user = known[user_id]
        made.append(MadeSlip(f"{user.first_name} {user.last_name}", user.login, code, until))
    return made


def _employees(employee_ids: Collection[int]) -> list[int]:
    """Their log-ins. Only who sees the house prints for colleagues. Raises NotFound."""
    if not employee_ids:
        return []
    if not scope().may(Permission.STAFF_READ):
        raise NotFound
    rows = db.session.execute(select(Employee.id, Employee.user_id).where(Employee.id.in_(employee_ids))).all()
    if {row.id for row in rows} != set(employee_ids) or any(row.user_id is None for row in rows):
        raise NotFound
    return [row.user_id for row in rows]


def _guardians(guardian_ids: Collection[int]) -> list[int]:
    """The log-ins of these parents, made now where there is none. Raises NotFound for a row that is not one's own."""
    today = held().today
    rows = db.session.scalars(select(Guardian).where(valid_on(Guardian, today)).order_by(Guardian.id)).all()
    by_id = {row.id: row for row in rows}
    if not set(guardian_ids) <= set(by_id):
        raise NotFound
    # one person's rows have one name: only namesakes are compared, for a house has many hundred parents
    namesakes: dict[str, list[Guardian]] = {}
    for row in rows:
        namesakes.setdefault(_name(row), []).append(row)
    return [_log_in_of(by_id[guardian_id], namesakes[_name(by_id[guardian_id])]) for guardian_id in guardian_ids]


def vouch(employee_ids: Collection[int], guardian_ids: Collection[int], by: str) -> list[str]:
    """These people have been seen: their roles here, shut by another kindergarten's slip, stand open to them again.

    Returns their names. Raises NotFound for who is not one's own, BadInput where nothing is shut.
    """
    today = held().today
    rows = db.session.scalars(select(Guardian).where(Guardian.id.in_(guardian_ids), valid_on(Guardian, today))).all()
    if {row.id for row in rows} != set(guardian_ids):
        raise NotFound
    users = {*_employees(employee_ids), *(row.user_id for row in rows if row.user_id is not None)}
    shut = logins.shut_here(users)
    if not shut:
        raise BadInput(_("Nothing is shut here any more. Look at the page as it is now."))
    for user_id in sorted(shut):
        credentials.vouch(user_id, by)
    return list(logins.names(shut).values())


def _name(row: Guardian) -> str:
    return fold(f"{row.first_name} {row.last_name}")


def _log_in_of(guardian: Guardian, rows: Collection[Guardian]) -> int:
    same = {one.id for one in rows_of(_relative(guardian), [_relative(row) for row in rows])}
    own = [row for row in rows if row.id in same]
    user_id = next((row.user_id for row in own if row.user_id is not None), None)
    if user_id is None:
        user_id = credentials.make_login(guardian.first_name, guardian.last_name, guardian.email).id
    for row in own:
        row.user_id = user_id
    if not logins.is_guardian_here(user_id, held().today):
        accounts.add_membership(user_id, scope().institution_id, Role.GUARDIAN, held().today)
        parents.follow([row.child_id for row in own])
    db.session.flush()
    return user_id


def _relative(row: Guardian) -> Relative:
    return Relative(row.id, f"{row.first_name} {row.last_name}", row.email, row.phone, row.user_id)
