"""Commands about log-ins, for who runs the server: when nobody in a kindergarten can come in any more."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ediary.accounts import credentials
from ediary.accounts.queries import memberships, user_by_login
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.errors import DomainError
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for

accounts = AppGroup("accounts", help="Log-ins.")


@accounts.command("slip")
@click.argument("login")
@click.option("--lost-telephone", is_flag=True, help="Take the second step off too.")
def slip(login: str, lost_telephone: bool) -> None:
    """A one-time code for somebody whose password is lost; prints it. Ends the old password and all sessions."""
    user, today = user_by_login(login), clock.today()
    live = [one for one in memberships(user.id) if covers(one.valid_from, one.valid_to, today)] if user else []
    if user is None or not live:
        raise click.ClickException(f"nobody with the log-in name {login} has a role today; nothing was changed")
    # who made the log-in may always replace it
    institution_id = max(live, key=lambda one: one.institution_id == user.made_by_id).institution_id
    try:
        with acting_for(institution_id), write_transaction():
            code = credentials.issue_slip(user.id, "server", lost_factor=lost_telephone)
    except DomainError as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo(f"{login}: {code}, for the page /accounts/first, within two weeks")


@accounts.command("vouch")
@click.argument("login")
def vouch(login: str) -> None:
    """Open all kindergartens again to somebody whose password one of them replaced. Only if you know it is they."""
    user = user_by_login(login)
    known = sorted({one.institution_id for one in memberships(user.id)}) if user else []
    if user is None or not known:
        raise click.ClickException(f"nobody with the log-in name {login} has a role; nothing was changed")
    for institution_id in known:
        with acting_for(institution_id), write_transaction():
            credentials.vouch(user.id, "server")
    click.echo(f"{login}: open in {len(known)} kindergartens")
