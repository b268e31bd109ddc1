"""The kitchen's commands."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.core import clock
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.kitchen import actions

kitchen = AppGroup("kitchen", help="The kitchen's nightly work.")

#: a night that was missed is made good for so long
LOOK_BACK = timedelta(days=62)


@kitchen.command("snapshot")
def snapshot() -> None:
    """Store the snapshots of locked days that nobody has looked at yet, of every kindergarten. For every night."""
    today = clock.today()
    # memberships are read without a scope, and every kindergarten has somebody
    everywhere = select(Membership.institution_id).distinct().order_by(Membership.institution_id)
    for institution_id in list(db.session.scalars(everywhere)):
        with acting_for(institution_id):
            for day in actions.ensure_snapshots(today - LOOK_BACK, today):
                click.echo(f"institution {institution_id}: {day.isoformat()}")
