"""Log-ins made, slips issued, whose credentials may be replaced, two log-ins of one person joined."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.accounts import actions, credentials, queries
from ediary.accounts.models import LoginSession, Membership, SecondFactor, Slip, Vouching
from ediary.accounts.tokens import LETTERS, fresh_code, hash_code
from ediary.children.models import Guardian
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import NotAllowed, NotFound
from ediary.core.locks import held, write_transaction
from ediary.core.permissions import Role
from ediary.core.scope import Scope
from ediary.core.secrets import seal
from ediary.core.session import acting_for, set_scope
from ediary.groups.models import GroupStaff
from ediary.institutions import actions as institutions
from ediary.staff.models import Employee
from tests.accounts.conftest import BY, At, LogIn, newcomer, slip_for, user, writing
from tests.cast import FIRST, Cast
from tests.conftest import DAY


@pytest.mark.parametrize(
    ("first", "last", "login"),
    [
        ("Rūta", "Balčytienė", "ruta.balcytiene"),
        ("Ąžuolas", "Žukauskas-Šimkus", "azuolas.zukauskas-simkus"),
        ("Ana Marija", "Kovač", "anamarija.kovac"),
        ("Анна", "Иванова", "vartotojas"),
        ("O", "", "o"),
    ],
)
def test_a_log_in_is_named_in_letters_every_keyboard_has(first: str, last: str, login: str) -> None:
    assert credentials.plain_name(first, last) == login


def test_a_log_in_is_the_e_mail_address_or_else_a_numbered_name(app: Flask, cast: Cast, at: At) -> None:
    with writing(app, cast.saulute):
        names = [
            credentials.make_login("Ona", "Onaitė", email).login
            for email in (" Ona@pavyzdys.lt", "ona@pavyzdys.lt", "", "ONA@pavyzdys.lt")
        ]
        made = credentials.make_login("Kita", "Kitaitė")
        assert (made.made_by_id, made.password_hash) == (cast.saulute, "")
    assert names == ["ona@pavyzdys.lt", "ona.onaite", "ona.onaite2", "ona.onaite3"]


def test_a_name_that_another_kindergarten_takes_at_this_moment_is_numbered(
    app: Flask, cast: Cast, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = iter([True, True, False, True])
    monkeypatch.setattr(credentials, "_is_free", lambda login: next(looked))
    with writing(app, cast.ezerelis):
        assert credentials.make_login("Rasa", "", "rasa").login == "rasa3"


def test_a_code_is_long_random_and_easy_to_read() -> None:
    codes = {fresh_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {19}
    assert set("".join(codes)) == {*LETTERS, "-"}
    assert not set(LETTERS) & set("0O1ILUQWX")


def test_only_an_hmac_of_the_code_is_kept(app: Flask, cast: Cast, at: At) -> None:
    _, code = newcomer(app, cast.saulute)
    with app.app_context():
        slip = db.session.scalars(select(Slip)).one()
        assert slip.code_hash == hash_code("slip", code) == hash_code("slip", code.lower().replace("-", " "))
        assert len(slip.code_hash) == 64
        assert slip.valid_until - slip.printed_at == timedelta(days=14)
        told = " ".join(db.session.scalars(select(AuditEntry.changes).where(AuditEntry.table_name == "accounts_slip")))
        assert slip.code_hash not in told
        assert code not in told


def test_a_new_slip_ends_the_earlier_ones(app: Flask, cast: Cast, at: At) -> None:
    user_id, _ = newcomer(app, cast.saulute)
    with writing(app, cast.saulute):
        credentials.issue_slip(user_id, BY)
    with app.app_context():
        ended = [slip.ended_at is not None for slip in db.session.scalars(select(Slip).order_by(Slip.id))]
    assert ended == [True, False]


def test_a_lost_password_opens_nothing_from_the_moment_a_slip_is_issued(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    rasa, tomas = as_person("rasa"), as_person("tomas")
    slip_for(app, cast, "rasa")
    assert user(app, cast.users["rasa"]).password_hash == ""
    assert "/accounts/login" in rasa.get("/").location
    assert "/accounts/login" not in tomas.get("/").location


@pytest.mark.parametrize("login", ["asta", "ona"])
def test_an_institution_replaces_nobody_of_another(app: Flask, cast: Cast, at: At, login: str) -> None:
    with pytest.raises(NotFound), writing(app, cast.saulute):
        credentials.issue_slip(cast.users[login], BY)
    assert user(app, cast.users[login]).password_hash


def test_who_works_in_two_kindergartens_gets_slips_from_the_one_that_made_the_log_in(
    app: Flask, cast: Cast, at: At
) -> None:
    with writing(app, cast.ezerelis):
        actions.add_membership(cast.users["rasa"], cast.ezerelis, Role.EDUCATOR, FIRST)
    with pytest.raises(NotAllowed, match="kitas darželis"), writing(app, cast.ezerelis):
        credentials.issue_slip(cast.users["rasa"], BY)
    assert user(app, cast.users["rasa"]).password_hash
    assert slip_for(app, cast, "rasa")


def in_two(app: Flask, cast: Cast) -> None:
    """Rasa, whose log-in Saulutė made, works in Ežerėlis too."""
    with writing(app, cast.ezerelis):
        actions.add_membership(cast.users["rasa"], cast.ezerelis, Role.EDUCATOR, FIRST)


def replaced(app: Flask, cast: Cast, login: str = "rasa", *, lost_factor: bool = False) -> None:
    """Saulutė prints somebody a slip, and it is used."""
    slip_for(app, cast, login, lost_factor=lost_factor)
    with writing(app, cast.saulute):
        slip = db.session.scalars(select(Slip).order_by(Slip.id.desc())).first()
        assert slip is not None
        credentials.choose_password(slip.id, "a hash")


def where_in(app: Flask, cast: Cast, login: str) -> set[int]:
    """The kindergartens that open to a log-in today."""
    with app.app_context():
        return {seat.institution_id for seat in queries.seats(cast.users[login], DAY)}


def test_a_slip_of_one_kindergarten_opens_nothing_of_another(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    assert where_in(app, cast, "rasa") == {cast.saulute, cast.ezerelis}
    replaced(app, cast)
    assert where_in(app, cast, "rasa") == {cast.saulute}
    with writing(app, cast.ezerelis):
        assert queries.shut_here([cast.users["rasa"]]) == {cast.users["rasa"]}
        credentials.vouch(cast.users["rasa"], "direktorė Ona Ežerskienė")
    assert where_in(app, cast, "rasa") == {cast.saulute, cast.ezerelis}


def test_one_vouching_opens_one_kindergarten_to_one_person(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    with app.app_context(), write_transaction():
        third = institutions.create("Lopšelis-darželis „Rugelis“", "190000003").id
    with writing(app, third):
        actions.add_membership(cast.users["rasa"], third, Role.EDUCATOR, FIRST)
    with writing(app, cast.ezerelis):
        actions.add_membership(cast.users["tomas"], cast.ezerelis, Role.EDUCATOR, FIRST)
    replaced(app, cast)
    replaced(app, cast, "tomas")
    with writing(app, cast.ezerelis):
        credentials.vouch(cast.users["tomas"], BY)
    assert where_in(app, cast, "tomas") == {cast.saulute, cast.ezerelis}
    assert where_in(app, cast, "rasa") == {cast.saulute}
    with writing(app, third):
        credentials.vouch(cast.users["rasa"], BY)
    assert where_in(app, cast, "rasa") == {cast.saulute, third}


def test_the_next_slip_shuts_anew(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    replaced(app, cast)
    with writing(app, cast.ezerelis):
        credentials.vouch(cast.users["rasa"], BY)
    at(9)
    replaced(app, cast)
    assert where_in(app, cast, "rasa") == {cast.saulute}


def test_a_vouching_before_the_slip_is_used_is_worth_nothing(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    slip_for(app, cast, "rasa")
    with writing(app, cast.ezerelis):
        credentials.vouch(cast.users["rasa"], BY)
        assert not db.session.scalars(select(Vouching)).all()


def test_a_role_given_while_it_is_shut_is_shut_too(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    replaced(app, cast)
    with writing(app, cast.ezerelis):
        actions.add_membership(cast.users["rasa"], cast.ezerelis, Role.DIRECTOR, FIRST)
    assert where_in(app, cast, "rasa") == {cast.saulute}


def test_a_second_step_that_stays_on_shuts_nothing_and_one_taken_off_does(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    with writing(app, cast.saulute):
        db.session.add(SecondFactor(user_id=cast.users["rasa"], sealed=seal("A"), confirmed_at=held().now))
    replaced(app, cast)
    assert where_in(app, cast, "rasa") == {cast.saulute, cast.ezerelis}
    replaced(app, cast, lost_factor=True)
    assert where_in(app, cast, "rasa") == {cast.saulute}


def test_who_shows_the_other_kindergartens_slip_has_been_seen_there(app: Flask, cast: Cast, at: At) -> None:
    in_two(app, cast)
    replaced(app, cast)
    newcomer(app, cast.ezerelis, Role.GUARDIAN)
    with app.app_context():
        slip_id = db.session.scalars(select(Slip.id).where(Slip.institution_id == cast.ezerelis)).one()
        with acting_for(cast.ezerelis, cast.users["rasa"]), write_transaction():
            credentials.join(slip_id, cast.users["rasa"])
    assert where_in(app, cast, "rasa") == {cast.saulute, cast.ezerelis}


def test_who_has_left_the_maker_is_replaced_by_where_they_are(app: Flask, cast: Cast, at: At) -> None:
    with writing(app, cast.ezerelis):
        actions.add_membership(cast.users["rasa"], cast.ezerelis, Role.EDUCATOR, FIRST)
    with writing(app, cast.saulute):
        for seat in db.session.scalars(select(Membership).where(Membership.user_id == cast.users["rasa"])):
            if seat.institution_id == cast.saulute:
                seat.valid_to = DAY - timedelta(days=1)
    with pytest.raises(NotFound), writing(app, cast.saulute):
        credentials.issue_slip(cast.users["rasa"], BY)
    with writing(app, cast.ezerelis):
        assert credentials.issue_slip(cast.users["rasa"], BY)


def test_an_educator_replaces_no_colleague_who_is_also_a_parent(app: Flask, cast: Cast, at: At) -> None:
    with writing(app, cast.saulute):
        actions.add_membership(cast.users["jonas"], cast.saulute, Role.GUARDIAN, FIRST)
    with app.app_context():
        set_scope(Scope(cast.saulute, cast.users["rasa"], Role.EDUCATOR, group_ids=(cast.boruziukai,)))
        with pytest.raises(NotAllowed, match="mokytojas"), write_transaction():
            credentials.issue_slip(cast.users["jonas"], BY)
        with write_transaction():
            assert credentials.issue_slip(cast.users["greta"], BY)
    assert user(app, cast.users["jonas"]).password_hash


def joined(app: Flask, cast: Cast) -> tuple[int, int]:
    """Saulutė's parent Greta gets a log-in in Ežerėlis too, and shows the one she has."""
    pending, _ = newcomer(app, cast.ezerelis, Role.GUARDIAN, "greta@pavyzdys.lt")
    greta = cast.users["greta"]
    with writing(app, cast.ezerelis):
        order = institutions.order("V-9", FIRST, "").id
        db.session.add_all(
            [
                GroupStaff(group_id=cast.zuvytes, user_id=pending, order_id=order, valid_from=FIRST),
                Employee(
                    first_name="Vaida", last_name="Naujokienė", email="v@n.lt", phone="", position="",
                    user_id=pending, valid_from=FIRST,
                ),
                Guardian(
                    child_id=cast.children["Žuvytės"][0], relation="mother", first_name="Vaida", last_name="Naujokienė",
                    phone="", email="", address="", may_collect=True, user_id=pending, valid_from=FIRST,
                ),
            ]
        )  # fmt: skip
    with app.app_context():
        slip_id = db.session.scalars(select(Slip.id)).one()
        with acting_for(cast.ezerelis, greta), write_transaction():
            credentials.join(slip_id, greta)
    return pending, greta


def test_everything_of_the_new_log_in_goes_over_to_the_one_the_person_has(app: Flask, cast: Cast, at: At) -> None:
    pending, greta = joined(app, cast)
    with app.app_context():
        seats = db.session.execute(select(Membership.institution_id, Membership.role).filter_by(user_id=greta)).all()
        assert {tuple(seat) for seat in seats} == {(cast.saulute, Role.GUARDIAN), (cast.ezerelis, Role.GUARDIAN)}
        assert db.session.scalars(select(Membership).filter_by(user_id=pending)).all() == []
        with acting_for(cast.ezerelis):
            for model in (GroupStaff, Employee, Guardian):
                people = set(db.session.scalars(select(model.user_id)))  # type: ignore[attr-defined]
                assert greta in people, model
                assert pending not in people, model


def test_a_joined_log_in_is_closed_for_good_and_the_history_stands_in_its_institution(
    app: Flask, cast: Cast, at: At
) -> None:
    pending, greta = joined(app, cast)
    closed = user(app, pending)
    assert (closed.login, closed.password_hash, closed.closed_at is not None) == (f"closed-{pending}", "", True)
    with pytest.raises(NotFound), writing(app, cast.ezerelis):
        credentials.issue_slip(pending, BY)
    with app.app_context():
        with acting_for(cast.ezerelis):
            told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "join")).one()
            assert (told.row_id, json.loads(told.changes)["into"]) == (pending, [None, greta])
            tables = set(db.session.scalars(select(AuditEntry.table_name).where(AuditEntry.action == "change")))
            assert {"groups_staff", "staff_employee", "children_guardian", "accounts_membership"} <= tables
        with acting_for(cast.saulute):
            assert not db.session.scalars(select(AuditEntry).where(AuditEntry.action == "join")).all()


def test_a_role_one_has_already_is_not_had_twice(app: Flask, cast: Cast, at: At) -> None:
    newcomer(app, cast.saulute, Role.GUARDIAN)
    with app.app_context():
        slip_id = db.session.scalars(select(Slip.id)).one()
        with acting_for(cast.saulute, cast.users["greta"]), write_transaction():
            credentials.join(slip_id, cast.users["greta"])
        seats = db.session.scalars(select(Membership).filter_by(user_id=cast.users["greta"])).all()
        assert [seat.role for seat in seats] == [Role.GUARDIAN]


def test_who_is_in_the_list_of_employees_twice_keeps_one_entry_with_the_log_in(app: Flask, cast: Cast, at: At) -> None:
    pending, _ = newcomer(app, cast.saulute)
    with writing(app, cast.saulute):
        db.session.add(
            Employee(
                first_name="Rasa", last_name="P", email="r@p.lt", phone="", position="", user_id=pending,
                valid_from=FIRST,
            )
        )  # fmt: skip
    with app.app_context():
        slip_id = db.session.scalars(select(Slip.id)).one()
        with acting_for(cast.saulute, cast.users["rasa"]):
            with write_transaction():
                credentials.join(slip_id, cast.users["rasa"])
            same = db.session.scalars(select(Employee.user_id).where(Employee.first_name == "Rasa"))
            assert sorted(same, key=str) == [cast.users["rasa"], None]


def test_a_log_in_that_somebody_has_used_is_not_joined_to_another(app: Flask, cast: Cast, as_person: LogIn) -> None:
    as_person("rasa")
    slip_for(app, cast, "rasa")
    with app.app_context():
        slip_id = db.session.scalars(select(Slip.id)).one()
        with pytest.raises(credentials.BadInput), acting_for(cast.saulute), write_transaction():
            credentials.join(slip_id, cast.users["tomas"])
        assert db.session.scalars(select(LoginSession)).one().user_id == cast.users["rasa"]
