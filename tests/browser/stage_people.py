"""What the November morning of stage.py has of people and places: who leaves, who is away, who stands in for whom,
tablets, slips, a child who came from next door. Nothing of it changes today's marks or portions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.models import User
from ediary.accounts.passwords import hash_password
from ediary.children.queries import enrolled
from ediary.children.rules import DepartureReason
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.orders import Order
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import moves
from ediary.groups.actions import Term
from ediary.groups.queries import groups_on
from ediary.handovers import actions as handovers
from ediary.handovers import queries as posts
from ediary.slips import actions as slips
from ediary.slips import queries as slip_queries
from ediary.staff import actions as staff
from ediary.staff.rules import Person
from ediary.supervision.models import Answer, Check, Remark
from ediary.tablets import actions as tablets
from ediary.transfers import actions as transfers
from ediary.transfers import queries as transfer_queries
from ediary.transfers.models import TransferOffer
from ediary.transfers.rules import LeaveKind, Told

MONDAY = date(2026, 11, 23)
SAULUTE, EZERELIS = 1, 2
MILDA, ALDONA, ONA = "raštvedė Milda Raštienė", "administratorė Aldona Kairienė", "direktorė Ona Ežerskienė"
#: has a password and has not read the pledge yet
NEWCOMER, PASSWORD = "nijole", "lapė vilkas ežys"


def days(count: int) -> date:
    """So many days after this Monday."""
    return MONDAY + timedelta(days=count)


def write() -> dict[str, Any]:
    """All of it; what the pictures need to know: a tablet's token, a slip's code, ids."""
    moved_on = clock.now() - timedelta(days=6)
    with clock.frozen(moved_on), acting_for(EZERELIS):
        code, taken = leaves_next_door()
    with acting_for(SAULUTE):
        groups = {group.name: group.id for group in groups_on(MONDAY)}
        where_they_play(groups)
        with clock.frozen(moved_on), write_transaction():
            order = Order("P-61", days(-4), MILDA)
            arrival = transfers.take(taken, code, groups["Pumpurėliai"], days(1), MILDA, order).id
        return {
            "arrival": arrival,
            "offer": transfer_queries.shared_list()[0].id,
            **who_leaves(groups),
            **who_stands_in(groups),
            **remarked(groups),
            **ways_in(groups, moved_on),
        }


def leaves_next_door() -> tuple[str, int]:
    """Two of the other kindergarten's children leave; the first one's code, and the offer it opens."""
    [group_id] = [group.id for group in groups_on(MONDAY)]
    first, second, *_ = [child.child_id for child in enrolled([group_id], days(-6), days(-6))]
    why, code = DepartureReason.OTHER_INSTITUTION, ""
    with write_transaction():
        later = transfers.depart(second, days(4), why, "", Order("A-8", days(-6), ONA))
        transfers.offer(later.id)
        gone = transfers.depart(first, days(-3), why, "", Order("A-7", days(-6), ONA))
        code = transfers.offer(gone.id)
    return code, db.session.scalars(select(func.max(TransferOffer.id))).one()


def of(groups: dict[str, int], name: str) -> list[int]:
    return [child.child_id for child in enrolled([groups[name]], MONDAY, MONDAY)]


def who_leaves(groups: dict[str, int]) -> dict[str, int]:
    """One to another kindergarten and on the shared list, one moves away, one in a sanatorium from tomorrow."""
    first, second, third, *_ = of(groups, "Pumpurėliai")
    with write_transaction():
        going = transfers.depart(first, days(7), DepartureReason.OTHER_INSTITUTION, "", Order("P-62", days(-3), MILDA))
        transfers.offer(going.id)
        transfers.depart(
            second, days(11), DepartureReason.MOVED_AWAY, "Šeima keliasi į Klaipėdą", Order("P-63", days(-3), MILDA)
        )
    with write_transaction(lock=GroupDay(groups["Pumpurėliai"], MONDAY)):
        told = Told(LeaveKind.SANATORIUM, days(1), days(21), None, "Druskininkai")
        away = transfers.leave_for_a_time(groups["Pumpurėliai"], third, told, Order("P-64", days(-3), MILDA))
    return {"departure": going.id, "leave": away.id}


def where_they_play(groups: dict[str, int]) -> None:
    """Two guests next week; between the holidays one group's children are with another's."""
    with write_transaction():
        guests = of(groups, "Voveriukai")[:2]
        moves.visit(guests, groups["Gandriukai"], days(7), days(11), Order("V-71", days(-3), ALDONA))
    with write_transaction():
        order = Order("V-72", days(-3), ALDONA)
        moves.merge(groups["Lašeliai"], groups["Ežiukai"], days(35), days(39), "Tarpušventis, mažai vaikų", order)


def who_stands_in(groups: dict[str, int]) -> dict[str, int]:
    """Laima stood in two weeks ago and will again from tomorrow on."""
    with write_transaction():
        laima = credentials.make_login("Laima", "Vasiliauskienė", "laima@darzelis.example")
        accounts.add_membership(laima.id, SAULUTE, Role.EDUCATOR, days(-30))
        person = Person("Laima", "Vasiliauskienė", "laima@darzelis.example", position="mokytoja")
        staff.add_employee(person, days(-30), laima.id)
    for name, first, last in (("Drugeliai", days(-14), days(-10)), ("Drugeliai", days(1), days(9))):
        [post] = [one for one in posts.posts(MONDAY) if one.group_name == name and one.duty == "educator"]
        with write_transaction():
            made = handovers.substitute(post, laima.id, Term(first, last, 432), Order("V-70", days(-20), ALDONA))
    return {"substitution": made.id}


def ways_in(groups: dict[str, int], moved_on: datetime) -> dict[str, Any]:
    """Slips in families' hands, a paired tablet and one that waits, somebody who has not read the pledge."""
    families = {one.name: one for one in slip_queries.page().groups}
    with write_transaction():
        printed = slips.print_slips([], [one.id for one in families["Drugeliai"].people if not one.is_ready][:9], MILDA)
    with clock.frozen(moved_on), write_transaction():
        paired = tablets.add("Pirmo aukšto planšetė", [groups["Boružiukai"], groups["Drugeliai"]], ALDONA).id
        tablets.new_code(paired)
        token = tablets.pair(paired)
    with write_transaction():
        tablets.new_code(tablets.add("Nykštukų planšetė", [groups["Nykštukai"]], ALDONA).id)
    password_hash = hash_password(PASSWORD)
    with write_transaction():
        newcomer = credentials.add_user(NEWCOMER, "Nijolė", "Jakienė", password_hash)
        accounts.add_membership(newcomer.id, SAULUTE, Role.SOCIAL_PEDAGOGUE, MONDAY)
        person = Person("Nijolė", "Jakienė", "nijole@darzelis.example", position="socialinė pedagogė")
        staff.add_employee(person, MONDAY, newcomer.id)
    db.session.remove()
    return {"slip": printed[0].code, "tablet": token}


RUTA = "pavaduotoja Rūta Balčytienė"


def remarked(groups: dict[str, int]) -> dict[str, int]:
    """The deputy has checked October's Boružiukai and remarked three things to Rasa: one waits, one is answered."""
    ids = {row.login: row.id for row in db.session.scalars(select(User).where(User.login.in_(["rasa", "ruta"])))}
    group, texts = (
        groups["Boružiukai"],
        (
            "Ketvirtadienį dvi nelankymo priežastys liko nežinomos. Patikslinkite, prašau.",
            "Spalio mėnesio žiniaraštyje trūksta vieno pateisinimo dokumento.",
            "Pirmadienį diena pateikta 8:44.",
        ),
    )
    with write_transaction():
        now = clock.now()
        made = [
            Remark(
                person_id=ids["rasa"],
                author_id=ids["ruta"],
                about="Boružiukai, žiniaraštis, 2026 m. lapkritis",
                url=f"/sheets/2026-11/{group}",
                text=text,
                written_at=now - timedelta(days=number + 1),
                written_by=RUTA,
                answered_at=now if number else None,
                closed_at=now if number == 2 else None,
                is_heeded=True if number == 2 else None,
            )
            for number, text in enumerate(texts)
        ]
        db.session.add_all(made)
        db.session.flush()
        said = {"text": "Dokumentą gavau šiandien, įvedžiau.", "answered_at": now, "answered_by": "mokytoja Rasa"}
        db.session.add(Answer(remark_id=made[1].id, **said))
        found = "21 diena pateikta laiku, 0 dienų pateikta vėliau. Peržiūrėjau visas priežastis."
        checked = {"in_order": True, "found": found, "checked_at": now, "checked_by": RUTA}
        db.session.add(Check(month=Month(2026, 10), group_id=group, **checked))
    return {"remark": made[0].id, "answered": made[1].id}
