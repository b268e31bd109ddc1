"""Commands of the kernel: the installation's keys."""

from __future__ import annotations

from typing import NoReturn

import click
from flask.cli import AppGroup

from ediary.core.dates import VILNIUS
from ediary.core.reseal import faults, usage
from ediary.core.reseal import reseal as reseal_all
from ediary.core.secrets import BadKeys, data_keys

keys = AppGroup("keys", help="Data keys: named, changed, checked (docs/run.md).")


@keys.command("list")
def list_keys() -> None:
    """The data keys, since when each is used and how many values it seals. Shows no key."""
    ring = data_keys().ring()
    for name, use in usage().items():
        state = "current" if name == ring.current else "old" if name in ring.keys else "MISSING"
        state = "lost" if name in ring.lost else state
        first = use.first.astimezone(VILNIUS).date().isoformat() if use.first else "never used"
        places = ", ".join(f"{place} {count}" for place, count in use.places.items()) or "nothing"
        click.echo(f"{name}\t{state}\t{first}\t{places}")
    path = data_keys().path
    if path is not None and path.stat().st_mode & 0o077:
        click.echo(f"Others may read {path}: chmod 600 {path}", err=True)


@keys.command("new")
@click.argument("name")
def new(name: str) -> None:
    """Make a new current key; the old ones stay. The running server uses it from now on."""
    try:
        data_keys().put_first(name)
    except (BadKeys, OSError) as error:
        _refuse(error)
    click.echo(f"The key {name} is in {data_keys().path} and seals what is new. Back that file up now.")
    click.echo("Then: flask --app app keys reseal")


@keys.command("lost")
@click.argument("name")
def lost(name: str) -> None:
    """Note that a key is gone for good, so that the server starts without it. What it sealed is not read again."""
    try:
        data_keys().give_up(name)
    except (BadKeys, OSError) as error:
        _refuse(error)
    click.echo(f"The key {name} is given up. Should it be found, put its line back into {data_keys().path}.")


@keys.command("reseal")
def reseal() -> None:
    """Seal personal codes and second factors with the current key, and index them. The server may run meanwhile."""
    unreadable = 0
    for done in reseal_all():
        click.echo(
            f"{done.place}: {done.changed} sealed anew, {done.unchanged} were, {done.unreadable} cannot be opened"
        )
        unreadable += done.unreadable
    if unreadable:
        raise click.ClickException("what cannot be opened was left as it is: a key is missing, see `keys list`")
    click.echo("The history stays under the keys of its time: keep them.")


@keys.command("check")
def check() -> None:
    """Do the keys open what is in the database? The server asks this before it starts."""
    if said := faults():
        raise click.ClickException("\n".join(said))


def _refuse(error: Exception) -> NoReturn:
    said = str(error) if isinstance(error, BadKeys) else f"{data_keys().path} cannot be changed: {error}"
    raise click.ClickException(f"{said}; nothing was changed")
