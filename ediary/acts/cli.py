"""The command of the closed periods: what the term has closed is concluded."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.acts import actions
from ediary.core.db import db
from ediary.core.session import acting_for

periods = AppGroup("periods", help="What was opened and is closed again.")


@periods.command("close")
def close() -> None:
    """Make the acts of unlocks whose term is over, of every kindergarten. For every night; pages do it too."""
    # memberships are read without a scope, and every kindergarten has somebody
    everywhere = select(Membership.institution_id).distinct().order_by(Membership.institution_id)
    for institution_id in list(db.session.scalars(everywhere)):
        with acting_for(institution_id):
            if closed := actions.ensure_closed():
                click.echo(f"institution {institution_id}: {closed} closed")
