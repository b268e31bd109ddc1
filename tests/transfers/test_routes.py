"""A child leaves, is away by order, goes over to another kindergarten of this server (B2; V 9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from ediary import gate
from ediary.absences.models import Announcement
from ediary.accounts import actions as accounts
from ediary.accounts import queries as logins
from ediary.accounts.models import Membership, User
from ediary.children import actions as children
from ediary.children.models import Child, Departure, Enrolment, Guardian, Particulars
from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import Locked
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.health.models import MustNotEat
from ediary.transfers import actions, parcels, queries
from ediary.transfers.models import Arrival, TemporaryLeave, TransferOffer
from ediary.transfers.rules import NoPackage
from tests.cast import FIRST, Cast
from tests.conftest import DAY

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
ORDER = {"order_number": "V-77", "order_day": DAY.isoformat()}
FRIDAY = DAY + timedelta(days=4)


def leaves(cast: Cast, client: FlaskClient, child: int, **change: str) -> int:
    """The child leaves on Friday; the id of its departure."""
    form = {"day": FRIDAY.isoformat(), "reason": "other_institution", "note": "Klaipėda", **ORDER, **change}
    answer = client.post(f"/transfers/children/{child}/departure", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.location.rsplit("/", 1)[1])


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def offer(client: FlaskClient, departure: int) -> str:
    """Put on the shared list; the code on the family's letter."""
    letter = client.post(f"/transfers/departures/{departure}/offer")
    assert letter.status_code == 200
    found = re.search(r"[A-Z]{4}-[A-Z]{4}-[A-Z]{4}-[A-Z]{4}", text_of(letter.data))
    assert found is not None
    return found[0]


@pytest.fixture
def child(cast: Cast) -> int:
    """Greta's child, the first of the Boružiukai."""
    return cast.children["Boružiukai"][0]


@pytest.fixture
def milda(as_person: LogIn) -> FlaskClient:
    """The secretary enters who leaves."""
    return as_person("milda")


def all_of(app: Flask, institution: int, model: type[DeclarativeBase]) -> list[DeclarativeBase]:
    with app.app_context(), acting_for(institution):
        return list(db.session.scalars(select(model)))


# --- leaving --------------------------------------------------------------------------------------------------------


def test_a_leaving_child_has_its_place_to_the_last_day(app: Flask, cast: Cast, milda: FlaskClient, child: int) -> None:
    departure = leaves(cast, milda, child)
    page = milda.get(f"/transfers/departures/{departure}").get_data(as_text=True)
    assert "V-77" in page
    assert "Klaipėda" in page
    with app.app_context(), acting_for(cast.saulute):
        place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).one()
        assert place.valid_to == FRIDAY
    assert "V-77" in milda.get("/transfers/").get_data(as_text=True)


def test_a_child_leaves_once(cast: Cast, milda: FlaskClient, child: int) -> None:
    leaves(cast, milda, child)
    again = milda.post(
        f"/transfers/children/{child}/departure", data={"day": FRIDAY.isoformat(), "reason": "school", **ORDER}
    )
    assert again.status_code == 422
    assert "Jau įrašyta" in again.get_data(as_text=True)


def test_nobody_leaves_yesterday(cast: Cast, milda: FlaskClient, child: int) -> None:
    yesterday = (DAY - timedelta(days=3)).isoformat()
    form = {"day": yesterday, "reason": "school", **ORDER}
    assert milda.post(f"/transfers/children/{child}/departure", data=form).status_code == 422


def test_leaving_needs_an_order(cast: Cast, milda: FlaskClient, child: int) -> None:
    form = {"day": FRIDAY.isoformat(), "reason": "school"}
    answer = milda.post(f"/transfers/children/{child}/departure", data=form)
    assert answer.status_code == 422


def test_a_child_that_stays_after_all_has_its_place_as_before(
    app: Flask, cast: Cast, milda: FlaskClient, child: int
) -> None:
    departure = leaves(cast, milda, child)
    offer(milda, departure)
    assert milda.post(f"/transfers/departures/{departure}/stay").status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        assert not db.session.scalars(select(Departure)).all()
        places = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child).order_by(Enrolment.valid_from))
        spans = [(place.group_id, place.valid_from, place.valid_to) for place in places]
        # one place or two that follow on each other: on every day as before
        assert {group for group, _, _ in spans} == {cast.boruziukai}
        assert (spans[0][1], spans[-1][2]) == (FIRST, None)
    with app.app_context(), acting_for(cast.ezerelis):
        assert queries.shared_list() == []
        offered = db.session.scalars(select(TransferOffer)).one()
        assert offered.package is None, "the letter's code opens nothing"


def test_whoever_has_left_does_not_stay(cast: Cast, as_person: LogIn, at: At, child: int) -> None:
    departure = leaves(cast, as_person("milda"), child)
    at(day=FRIDAY + timedelta(days=3))
    assert as_person("milda").post(f"/transfers/departures/{departure}/stay").status_code == 422


def test_the_report_says_who_when_and_how_often_and_is_kept(
    app: Flask, cast: Cast, milda: FlaskClient, child: int
) -> None:
    departure = leaves(cast, milda, child)
    answer = milda.post(f"/transfers/departures/{departure}/report")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = text_of(answer.data)
    for said in ("Adomas Žukauskas", "V-77", "Boružiukai", "2026-09-01", "Klaipėda"):
        assert said in text
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Departure)).one().report_sha256
        assert "print" in set(db.session.scalars(select(AuditEntry.action)))


# --- away for a time ------------------------------------------------------------------------------------------------


def away(client: FlaskClient, child: int, reason: int | str = "") -> None:
    form = {
        "kind": "sanatorium",
        "first": (DAY + timedelta(days=1)).isoformat(),
        "last": FRIDAY.isoformat(),
        "reason_id": str(reason),
        "note": "Druskininkai",
        **ORDER,
    }
    answer = client.post(f"/transfers/children/{child}/leave", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_a_child_away_by_order_is_announced_to_group_and_kitchen(
    app: Flask, cast: Cast, milda: FlaskClient, child: int
) -> None:
    away(milda, child, cast.reasons["l"])
    with app.app_context(), acting_for(cast.saulute):
        told = db.session.scalars(select(Announcement).where(Announcement.child_id == child)).one()
        assert (told.valid_from, told.valid_to) == (DAY + timedelta(days=1), FRIDAY)
        assert told.reason_id == cast.reasons["l"]
        assert "V-77" in told.caller
    assert "Druskininkai" in milda.get("/transfers/").get_data(as_text=True)


def test_a_child_that_is_back_earlier_is_cooked_for_again(
    app: Flask, cast: Cast, milda: FlaskClient, child: int
) -> None:
    away(milda, child)
    [leave] = all_of(app, cast.saulute, TemporaryLeave)
    back = {"back_on": (DAY + timedelta(days=3)).isoformat()}
    assert milda.post(f"/transfers/leaves/{leave.id}/back", data=back).status_code == 303  # type: ignore[attr-defined]
    [told] = all_of(app, cast.saulute, Announcement)
    [leave] = all_of(app, cast.saulute, TemporaryLeave)
    assert told.valid_to == leave.valid_to == DAY + timedelta(days=2)  # type: ignore[attr-defined]


# --- to another kindergarten ----------------------------------------------------------------------------------------


@pytest.fixture
def nida(app: Flask, cast: Cast, as_person: LogIn) -> FlaskClient:
    """Ežerėlis's head takes children in."""
    return as_person("ona")


def taken(client: FlaskClient, cast: Cast, offer_id: int, code: str, **change: str) -> int:
    """Take the offered child in from Saturday on; the status of the answer."""
    form = {
        "code": code,
        "group_id": str(cast.zuvytes),
        "first": (FRIDAY + timedelta(days=3)).isoformat(),
        **ORDER,
        **change,
    }
    return client.post(f"/transfers/offers/{offer_id}", data=form).status_code


def offer_of(app: Flask, cast: Cast) -> int:
    with app.app_context(), acting_for(cast.ezerelis):
        return queries.shared_list()[0].id


def test_the_shared_list_shows_name_birth_year_and_from_where_and_nothing_more(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    offer(milda, leaves(cast, milda, child))
    page = nida.get("/transfers/offers").get_data(as_text=True)
    assert "Adomas Žukauskas" in page
    assert "2022" in page
    assert "Saulutė" in page
    for hidden in ("2022-03-14", "Greta", "Boružiukai", "Klaipėda", "V-77"):
        assert hidden not in page
    milda.get("/transfers/")  # the word that it was written down is read here
    assert "Adomas" not in milda.get("/transfers/offers").get_data(as_text=True), "not on one's own list"
    [row] = all_of(app, cast.ezerelis, TransferOffer)
    assert "Greta" not in (row.package or "")  # type: ignore[attr-defined]


def test_the_taker_gets_the_child_by_the_familys_code(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add(MustNotEat(child_id=child, text="riešutų", valid_from=FIRST))
        db.session.add(
            Particulars(
                child_id=child, address="Pievų 1", languages="lt", special_needs="none", needs_note="", family_note=""
            )
        )
    code = offer(milda, leaves(cast, milda, child))
    assert taken(nida, cast, offer_of(app, cast), code.lower().replace("-", " ")) == 303
    with app.app_context(), acting_for(cast.ezerelis):
        own = db.session.scalars(select(Child).where(Child.last_name == "Žukauskas")).one()
        assert own.id != child
        assert db.session.scalars(select(Particulars.address)).one() == "Pievų 1"
        assert db.session.scalars(select(MustNotEat.text)).one() == "riešutų"
        assert db.session.scalars(select(Enrolment.valid_from).where(Enrolment.child_id == own.id)).one() == (
            FRIDAY + timedelta(days=3)
        )
        assert db.session.scalars(select(Guardian.user_id)).one() == cast.users["greta"]
        assert "Boružiukai" in db.session.scalars(select(Arrival.places)).one()
        assert queries.shared_list() == []


def test_a_guardian_in_two_kindergartens_has_two_memberships_and_one_log_in(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, as_person: LogIn, child: int
) -> None:
    code = offer(milda, leaves(cast, milda, child))
    taken(nida, cast, offer_of(app, cast), code)
    with app.app_context():
        held = db.session.scalars(select(Membership).where(Membership.user_id == cast.users["greta"])).all()
        assert {(one.institution_id, one.role) for one in held} == {
            (cast.saulute, Role.GUARDIAN),
            (cast.ezerelis, Role.GUARDIAN),
        }
        here = next(one.id for one in held if one.institution_id == cast.ezerelis)
    greta = as_person("greta")
    greta.post("/accounts/switch", data={"membership_id": here})
    with app.app_context():
        with write_transaction():
            token = accounts.open_session(cast.users["greta"], "phone")
        assert gate.load_user(token) is not None


def test_the_old_kindergarten_keeps_its_own_past(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    code = offer(milda, leaves(cast, milda, child))
    taken(nida, cast, offer_of(app, cast), code)
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.get(Child, child) is not None
        assert db.session.scalars(select(Enrolment.valid_to).where(Enrolment.child_id == child)).one() == FRIDAY
    with app.app_context(), acting_for(cast.ezerelis):
        assert db.session.get(Child, child) is None


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMN-PRST", "1234"], ids=["none", "another", "short"])
def test_without_the_code_nobody_takes_the_child(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int, code: str
) -> None:
    offer(milda, leaves(cast, milda, child))
    assert taken(nida, cast, offer_of(app, cast), code) == 422
    assert len(all_of(app, cast.ezerelis, Child)) == 2


def test_a_new_letter_makes_the_lost_one_worthless(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    departure = leaves(cast, milda, child)
    lost, new = offer(milda, departure), offer(milda, departure)
    assert taken(nida, cast, offer_of(app, cast), lost) == 422
    assert taken(nida, cast, offer_of(app, cast), new) == 303


def test_nobody_is_in_two_places_on_one_day(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    code = offer(milda, leaves(cast, milda, child))
    assert taken(nida, cast, offer_of(app, cast), code, first=FRIDAY.isoformat()) == 422


def test_a_child_is_taken_once(app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int) -> None:
    code = offer(milda, leaves(cast, milda, child))
    offer_id = offer_of(app, cast)
    assert taken(nida, cast, offer_id, code) == 303
    assert taken(nida, cast, offer_id, code) == 404
    with app.app_context(), acting_for(cast.saulute):
        departure = db.session.scalars(select(Departure.id)).one()
    assert milda.post(f"/transfers/departures/{departure}/offer").status_code == 409


def test_the_history_never_holds_code_or_package(app: Flask, cast: Cast, milda: FlaskClient, child: int) -> None:
    code = offer(milda, leaves(cast, milda, child))
    with app.app_context(), acting_for(cast.saulute):
        written = " ".join(db.session.scalars(select(AuditEntry.changes)))
        package = db.session.scalars(select(TransferOffer.package)).one()
        assert package is not None
        assert package not in written
        assert code not in written
        assert actions.parcels.hash_of(code) not in written


def test_a_package_opens_with_its_code_alone(app: Flask, cast: Cast, milda: FlaskClient, child: int) -> None:
    code = offer(milda, leaves(cast, milda, child))
    with app.app_context():
        package = db.session.scalars(select(TransferOffer.package)).one()
        assert package is not None
        assert parcels.open_with(code, package).birth_date == date(2022, 3, 14)
        with pytest.raises(NoPackage):
            parcels.open_with("ABCD-EFGH-JKMN-PRST", package)


def test_a_log_in_closed_meanwhile_comes_to_no_rights(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, child: int
) -> None:
    code = offer(milda, leaves(cast, milda, child))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.get_one(User, cast.users["greta"]).closed_at = clock.now()
    assert taken(nida, cast, offer_of(app, cast), code) == 303
    with app.app_context(), acting_for(cast.ezerelis):
        assert db.session.scalars(select(Guardian.user_id)).all() == [None]
        seats = select(Membership.institution_id).where(Membership.user_id == cast.users["greta"])
        assert db.session.scalars(seats).all() == [cast.saulute]


def test_the_card_of_a_child_who_has_left_is_read_and_no_longer_written(
    app: Flask, cast: Cast, as_person: LogIn, at: At, child: int
) -> None:
    leaves(cast, as_person("milda"), child)
    at(8, 10, day=FRIDAY)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.add_guardian(child, Relation.FATHER, "Dar", "Lanko", FIRST)  # to the last day it is kept true
    at(8, 10, day=FRIDAY + timedelta(days=3))
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(Locked), write_transaction():
            children.add_guardian(child, Relation.OTHER, "Jau", "Išvyko", FIRST)
        with pytest.raises(Locked), write_transaction():
            db.session.scalars(select(Guardian).where(Guardian.user_id == cast.users["greta"])).one().phone = "1"
        with write_transaction():  # a parent may still come in with another log-in
            db.session.scalars(select(Guardian).where(Guardian.user_id == cast.users["greta"])).one().user_id = None
    assert as_person("jonas").get(f"/cards/{child}").status_code == 200
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.enrol(child, cast.boruziukai, FRIDAY + timedelta(days=7))
        assert children.add_guardian(child, Relation.OTHER, "Vėl", "Lankys", FIRST).id


# --- how long parents come in ---------------------------------------------------------------------------------------


def until(app: Flask, cast: Cast) -> list[date | None]:
    """The last days of Greta's roles as a mother in Saulutė."""
    with app.app_context():
        seats = select(Membership).where(
            Membership.user_id == cast.users["greta"], Membership.institution_id == cast.saulute
        )
        return [seat.valid_to for seat in db.session.scalars(seats.order_by(Membership.id))]


def test_a_mother_comes_in_to_the_end_of_the_month_after_the_last_day(
    app: Flask, cast: Cast, milda: FlaskClient, as_person: LogIn, at: At, child: int
) -> None:
    assert until(app, cast) == [None]
    leaves(cast, milda, child)
    assert until(app, cast) == [date(2026, 12, 31)]
    at(day=date(2026, 12, 31))
    greta = as_person("greta")
    assert greta.get("/").status_code < 400
    at(day=date(2027, 1, 1))
    assert "/accounts/login" in greta.get("/").location


def test_a_child_that_stays_or_a_brother_who_is_here_keeps_the_way_in(
    app: Flask, cast: Cast, milda: FlaskClient, child: int
) -> None:
    departure = leaves(cast, milda, child)
    milda.post(f"/transfers/departures/{departure}/stay")
    assert until(app, cast) == [None]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        brother = cast.children["Drugeliai"][0]
        children.add_guardian(brother, Relation.MOTHER, "Greta", "Žukauskienė", DAY, user_id=cast.users["greta"])
    leaves(cast, milda, child)
    assert until(app, cast) == [None]


def test_a_child_that_comes_back_brings_its_mother_back(
    app: Flask, cast: Cast, milda: FlaskClient, at: At, child: int
) -> None:
    leaves(cast, milda, child)
    at(day=date(2027, 2, 1))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.enrol(child, cast.boruziukai, date(2027, 2, 8))
    assert until(app, cast) == [date(2026, 12, 31), None]


def test_the_new_kindergarten_helps_a_mother_once_the_old_one_knows_her_no_more(
    app: Flask, cast: Cast, milda: FlaskClient, nida: FlaskClient, at: At, child: int
) -> None:
    code = offer(milda, leaves(cast, milda, child))
    taken(nida, cast, offer_of(app, cast), code)
    with app.app_context(), acting_for(cast.ezerelis):
        assert logins.why_no_slip([cast.users["greta"]])
    at(day=date(2027, 1, 1))
    with app.app_context(), acting_for(cast.ezerelis):
        assert not logins.why_no_slip([cast.users["greta"]])
