"""Commands of the kernel: the installation's keys, the seals over the history."""

from __future__ import annotations

import re
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy import column, select, table

from ediary.core.dates import VILNIUS
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.reseal import faults, usage
from ediary.core.reseal import reseal as reseal_all
from ediary.core.seals import SealMark
from ediary.core.seals import seal as seal_new
from ediary.core.secrets import BadKeys, data_keys
from ediary.core.session import acting_for
from ediary.core.verify import PrintedSeal, Walked, missed, walk

keys = AppGroup("keys", help="Data keys: named, changed, checked (docs/run.md).")
history = AppGroup("history", help="The history: sealed each night, verified at any time (docs/run.md).")


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


# --- the history ------------------------------------------------------------------------------------------------------


def _institutions() -> list[int]:
    known = table("institutions_institution", column("id"))
    return list(db.session.connection().execute(select(known.c.id).order_by(known.c.id)).scalars())


@history.command("seal")
def seal() -> None:
    """Seal what is new in every kindergarten's history. For every night; the server may run meanwhile."""
    for institution_id in _institutions():
        with acting_for(institution_id):
            before, newest = None, _seal_once()
            while newest is not None and newest != before:
                before, newest = newest, _seal_once()
        if newest is not None:
            click.echo(f"institution {institution_id}: seal {newest.number} {newest.sha256}")


def _seal_once() -> SealMark | None:
    with write_transaction():
        return seal_new()


@history.command("verify")
@click.option("--seal", "printed", multiple=True, metavar="NUMBER:DIGITS", help="A seal as a paper prints it.")
def verify(printed: tuple[str, ...]) -> None:
    """Walk the history of every kindergarten: is every sealed entry and paper what was sealed, where it was sealed?

    Ends with status 1 on any fault. With printed seals it also finds a chain that was cut off or written anew whole.
    """
    wanted = [_printed_seal(said) for said in printed]
    walked, faults_found = [], 0
    for institution_id in _institutions():
        one = Walked(institution_id)
        for said in walk(one, frozenset(seal.number for seal in wanted)):
            faults_found += 1
            click.echo(f"institution {institution_id}: {said}", err=True)
        walked.append(one)
        click.echo(
            f"institution {institution_id}: {one.seals} seals, {one.entries} entries and {one.papers} papers sealed, "
            f"{one.tail} entries not sealed yet"
        )
    for seal in wanted:
        refusal = missed(seal, walked)
        faults_found += refusal is not None
        click.echo(refusal or f"printed seal {seal}: is in the chain", err=refusal is not None)
    if faults_found:
        raise click.ClickException(f"the history is not as it was sealed: {faults_found} faults")


def _printed_seal(said: str) -> PrintedSeal:
    number, colon, digits = said.partition(":")
    digits = re.sub(r"\s", "", digits).lower()
    if not (colon and number.strip().isdecimal() and re.fullmatch(r"[0-9a-f]{12,64}", digits)):
        raise click.BadParameter(f"{said!r}: a seal is its number, a colon and at least twelve digits of its hash")
    return PrintedSeal(int(number), digits)
