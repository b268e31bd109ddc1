"""The lists' commands."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for
from ediary.registers import actions

lists = AppGroup("lists", help="Lists that came in from registers.")


@lists.command("tidy")
def tidy() -> None:
    """Remove files kept longer than needed, and rows of lists nobody went on with. For every night."""
    # memberships are read without a scope, and every kindergarten has somebody
    everywhere = select(Membership.institution_id).distinct().order_by(Membership.institution_id)
    for institution_id in list(db.session.scalars(everywhere)):
        with acting_for(institution_id):
            with write_transaction():
                gone = actions.tidy()
            if gone:
                click.echo(f"institution {institution_id}: {gone}")
