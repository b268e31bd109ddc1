"""The program's commands: `flask --app app …`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from ediary import demo
from ediary.absences.actions import deliver_reasons
from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.cli import accounts as accounts_commands
from ediary.accounts.passwords import hash_password, random_password
from ediary.accounts.pledges import deliver_pledge
from ediary.accounts.queries import user_by_login
from ediary.acts.cli import periods
from ediary.assets import fetch_assets
from ediary.core import clock
from ediary.core.cli import history, keys
from ediary.core.dates import school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.institutions import actions as institutions
from ediary.kitchen.cli import kitchen
from ediary.registers.cli import lists
from ediary.staff import actions as staff
from ediary.staff.rules import Person
from ediary.workdays import actions as workdays

institution = AppGroup("institution", help="Kindergartens on this server.")
calendar = AppGroup("calendar", help="The stored working-day calendar.")


@institution.command("create")
@click.option("--name", required=True, help="The kindergarten's name.")
@click.option("--code", required=True, help="Its code in the register of legal persons.")
@click.option("--login", required=True, help="Log-in name of the first administrator.")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--email", default="", help="The administrator's; by default the log-in name, if it is an address.")
def create_institution(name: str, code: str, login: str, first_name: str, last_name: str, email: str) -> None:
    """Make an institution, its calendar, absence reasons and first administrator; prints a random password."""
    if user_by_login(login) is not None:
        raise click.ClickException(f"the log-in name {login} is taken: choose another; nothing was made")
    password = random_password()
    try:
        institution_id = make_institution(name, code)
    except IntegrityError:
        raise click.ClickException(f"an institution with code {code} is here already; nothing was made") from None
    password_hash = hash_password(password)
    with acting_for(institution_id), write_transaction():
        user = credentials.add_user(login, first_name, last_name, password_hash)
        accounts.add_membership(user.id, institution_id, Role.ADMINISTRATOR, clock.today())
        person = Person(first_name, last_name, email or (login if "@" in login else ""))
        staff.add_employee(person, clock.today(), user.id)
    click.echo(f"institution {institution_id}: {name}")
    click.echo(f"administrator {login}, password {password}")


def make_institution(name: str, code: str) -> int:
    """An institution with settings, this and the next school year's calendar, and the delivered absence reasons."""
    year = school_year_of(clock.today())
    first, _ = school_year_span(year)
    with write_transaction():
        institution_id = institutions.create(name, code).id
    with acting_for(institution_id), write_transaction():
        institutions.settle(first)
        workdays.store_calendar(first, school_year_span(year + 1)[1])
        deliver_reasons(first)
        deliver_pledge(first)
    return institution_id


@calendar.command("extend")
@click.argument("institution_id", type=int)
@click.argument("until", type=click.DateTime(["%Y-%m-%d"]))
def extend_calendar(institution_id: int, until: date) -> None:
    """Store the institution's calendar up to a day; days stored already do not change."""
    with acting_for(institution_id), write_transaction():
        stored = workdays.store_calendar(clock.today() - timedelta(days=366), until.date())  # type: ignore[attr-defined]
    click.echo(f"{stored} days stored")


@click.command("assets")
def assets() -> None:
    """Fetch the front-end files by their pinned hashes into static/vendor/."""
    fetch_assets(Path(current_app.static_folder or "") / "vendor")


@click.command("demo")
def load_demo() -> None:
    """Load the demonstration kindergarten into the default SQLite file, if it is empty."""
    click.echo(demo.load(current_app.config["INSTANCE_DIR"], db.engine.url))


def init_app(app: Flask) -> None:
    app.cli.add_command(institution)
    app.cli.add_command(calendar)
    app.cli.add_command(kitchen)
    app.cli.add_command(periods)
    app.cli.add_command(lists)
    app.cli.add_command(accounts_commands)
    app.cli.add_command(keys)
    app.cli.add_command(history)
    app.cli.add_command(assets)
    app.cli.add_command(load_demo)
