"""The program's commands, as somebody who sets up a kindergarten types them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from ediary.accounts.models import User
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.institutions.models import Institution
from ediary.staff.models import Employee
from tests.cast import Cast

At = Callable[..., None]


def create(app: Flask, code: str, login: str) -> Result:
    names = ["--name", "Varpelis", "--first-name", "Asta", "--last-name", "Astaitė"]
    return app.test_cli_runner().invoke(args=["institution", "create", "--code", code, "--login", login, *names])


def test_an_institution_is_made_with_an_administrator_who_can_log_in(app: Flask, cast: Cast, at: At) -> None:
    made = create(app, "190000003", "varpelis")
    assert made.exit_code == 0, made.output
    assert made.output.splitlines()[0].endswith(": Varpelis")
    assert "administrator varpelis, password " in made.output
    with app.app_context(), acting_for(max(cast.saulute, cast.ezerelis) + 1):
        (employee,) = db.session.scalars(select(Employee))
    assert (employee.first_name, employee.email, employee.user_id is None) == ("Asta", "", False)


@pytest.mark.parametrize(("code", "login"), [("190000001", "varpelis"), ("190000003", "rasa"), ("190000003", " RASA")])
def test_a_code_or_a_log_in_that_is_taken_makes_nothing(app: Flask, cast: Cast, at: At, code: str, login: str) -> None:
    refused = create(app, code, login)
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "nothing was made" in refused.output
    with app.app_context():
        assert db.session.scalars(select(User).where(User.login == "varpelis")).all() == []
    with app.app_context(), acting_for(max(cast.saulute, cast.ezerelis) + 1):
        assert db.session.scalars(select(Institution)).all() == []
