"""A printed paper and the diary as it is now (H4): what it is, was it kept whole, would it say the same today?

What each kind of paper says is read again the way it was printed, by the area that prints it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from ediary.accounts import account
from ediary.accounts import paper as accounts
from ediary.acts import queries as acts
from ediary.analysis import paper as analysis_paper
from ediary.analysis import queries as analysis
from ediary.core import store
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import DomainError, NotFound
from ediary.core.i18n import month_long
from ediary.core.permissions import Permission
from ediary.core.proof import DIGITS, short_hash
from ediary.core.seals import Paper, Seal, Sealed
from ediary.core.session import scope
from ediary.groups.queries import group as group_of
from ediary.handovers import hours, leavers
from ediary.handovers import paper as handovers
from ediary.kitchen import paper as kitchen
from ediary.sheets import queries as sheets
from ediary.transfers import paper as transfers

About = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A paper to be signed: what it is called, who may read what it says, and the hash of what it would say now."""

    title: Any
    needs: Permission
    content: Callable[[About], str]


def _sheet(about: About) -> str:
    found = sheets.sheets(Month.parse(about["month"]), None if about["group"] is None else [about["group"]])
    return sheets.fingerprint(found)


#: every kind of paper with a mark; a test asks for each that the program makes
KINDS: dict[str, Kind] = {
    "accounts.pledge": Kind(
        _l("Confidentiality pledge"),
        Permission.STAFF_READ,
        lambda about: accounts.pledge(account.accepted(about["acceptance"])).content_sha256,
    ),
    "acts.act": Kind(
        _l("Act of data change"), Permission.ACT_READ, lambda about: acts.act_page(about["act"]).data_sha256
    ),
    "analysis.report": Kind(
        _l("Analysis of attendance"),
        Permission.ANALYSIS_READ,
        lambda about: analysis_paper.pdf(analysis.analysis(analysis.Asked.again(about)), "").content_sha256,
    ),
    "handovers.act": Kind(
        _l("Act of handing over children's education records"),
        Permission.LEAVER_CHECK,
        lambda about: handovers.act_paper(leavers.act(about["check"]), "").content_sha256,
    ),
    "handovers.hours": Kind(
        _l("Substituted hours"),
        Permission.SUBSTITUTE_WRITE,
        lambda about: (
            handovers.hours_paper(
                hours.hours_page(Month.parse(about["month"]), everybody=about["everybody"]), about["everybody"], ""
            ).content_sha256
        ),
    ),
    "kitchen.daily_report": Kind(
        _l("Daily attendance report"),
        Permission.KITCHEN_READ,
        lambda about: kitchen.daily_report(date.fromisoformat(about["day"]), "").content_sha256,
    ),
    "sheets.month": Kind(_l("Attendance sheet"), Permission.SHEET_READ, _sheet),
    "transfers.report": Kind(
        _l("Leaving report"),
        Permission.DEPART_WRITE,
        lambda about: transfers.report(about["departure"], "").content_sha256,
    ),
}


@dataclass(frozen=True)
class Print:
    """A kept print of what a short form stands for."""

    id: int
    printed_at: datetime
    printed_by: str
    seal: int
    seal_digits: str
    #: is the kept file what it was
    is_whole: bool
    #: the seal its file is in, None while it waits for the next
    sealed_in: int | None
    can_open: bool


@dataclass(frozen=True)
class Checked:
    """What a short form stands for."""

    code: str
    title: str
    about: str
    prints: list[Print]
    #: does the diary say the same now; None: that cannot be told to this person
    says_the_same: bool | None


def tidy(code: str) -> str:
    """A short form as typed or scanned, as it is kept; empty for what is none."""
    digits = re.sub(r"[\s-]", "", code).lower()
    return digits if re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", digits) else ""


def check(code: str) -> Checked | None:
    """What a paper's short form stands for; None when no paper of this kindergarten has it."""
    chosen = select(Paper, Seal.number, Seal.sha256).join(Seal, Seal.id == Paper.seal_id).where(Paper.code == code)
    rows = db.session.execute(chosen.order_by(Paper.id.desc()).limit(20)).all()
    if not rows:
        return None
    paper: Paper = rows[0][0]
    about: About = json.loads(paper.about)
    sealed = select(Sealed.paper_id, Seal.number).join(Seal, Seal.id == Sealed.seal_id)
    ids = [row[0].id for row in rows]
    in_seal = {row.paper_id: row.number for row in db.session.execute(sealed.where(Sealed.paper_id.in_(ids)))}
    kind = KINDS.get(paper.kind)
    opens = _may_open(paper.kind, about)
    can_open = opens and scope().may(Permission.HISTORY_READ)
    return Checked(
        code=short_hash(code),
        title=str(kind.title) if kind else paper.kind,
        about=_named(about) if opens else "",
        prints=[
            Print(
                one.id,
                one.printed_at,
                one.printed_by,
                number,
                short_hash(sha256),
                _is_whole(one.file_sha256),
                in_seal.get(one.id),
                can_open,
            )
            for one, number, sha256 in rows
        ],
        says_the_same=_says_the_same(kind, about, paper.content_sha256) if opens and kind else None,
    )


def _may_open(kind: str, about: About) -> bool:
    known, current = KINDS.get(kind), scope()
    if known is None or not current.may(known.needs):
        return False
    return current.group_ids is None or about.get("group") in current.group_ids


def _says_the_same(kind: Kind, about: About, content_sha256: str) -> bool | None:
    try:
        return kind.content(about) == content_sha256
    except DomainError:  # what it was about is no more, or not this person's
        return None


def _is_whole(sha256: str) -> bool:
    try:
        store.fetch(sha256)
    except store.StoreDamaged:
        return False
    return True


def _named(about: About) -> str:
    """Of what the paper is, without names of children: who holds it reads them on it."""
    said = []
    if about.get("group") is not None:
        said.append(group_of(about["group"]).name)
    if "month" in about:
        said.append(month_long(Month.parse(about["month"])))
    if "day" in about:
        said.append(about["day"])
    return ", ".join(said)


@dataclass(frozen=True)
class Kept:
    """A kept file and the name it gets."""

    sha256: str
    file_name: str


def kept(print_id: int) -> Kept:
    """The file of a print. Raises NotFound, also for one that is not this person's to read."""
    paper = db.session.scalars(select(Paper).where(Paper.id == print_id)).one_or_none()
    if paper is None or not _may_open(paper.kind, json.loads(paper.about)):
        raise NotFound
    return Kept(paper.file_sha256, f"{paper.kind.replace('.', '-')}-{paper.id}")
