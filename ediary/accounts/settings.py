"""The institution's pages about coming in: the pledge's text, who has accepted it, what is asked of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ediary.accounts import rules
from ediary.accounts.models import EntryRule, Membership, PledgeAcceptance, PledgeText, User
from ediary.accounts.rules import DEFAULT_ASKED, Asked
from ediary.core import clock, settled
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on

# --- the pledge's text ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A text from-to (None = open)."""

    id: int
    text: str
    valid_from: date
    valid_to: date | None
    set_by: str | None
    is_now: bool
    is_planned: bool

    @property
    def lines(self) -> list[str]:
        return rules.pledge_lines(self.text)


@dataclass(frozen=True)
class PledgeTextPage:
    """The texts, the latest first; `last` is what will hold in the end."""

    today: date
    texts: list[Text]

    @property
    def now(self) -> Text | None:
        return next((one for one in self.texts if one.is_now), None)

    @property
    def planned(self) -> list[Text]:
        return [one for one in self.texts if one.is_planned]

    @property
    def past(self) -> list[Text]:
        return [one for one in self.texts if not one.is_now and not one.is_planned]

    @property
    def last(self) -> str:
        return self.texts[0].text if self.texts else rules.DELIVERED_PLEDGE.strip()

    @property
    def seen(self) -> str:
        """Names the last text."""
        return str(max((one.id for one in self.texts), default=0))

    @property
    def begins(self) -> date:
        """The earliest day a further text may begin on."""
        return max([self.today, *(one.valid_from for one in self.planned)]) + ONE_DAY


def pledge_text_page() -> PledgeTextPage:
    """All texts there were, are and will be. One statement."""
    today = clock.today()
    return PledgeTextPage(
        today,
        [
            Text(
                id=row.id,
                text=row.text,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                set_by=row.set_by,
                is_now=row.valid_from <= today and (row.valid_to is None or today <= row.valid_to),
                is_planned=row.valid_from > today,
            )
            for row in reversed(settled.chain(PledgeText))
        ],
    )


# --- who has accepted it --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pledger:
    """Somebody who works here and, if they have, their acceptance of the text in force."""

    name: str
    roles: str
    acceptance_id: int | None
    accepted_by: str
    accepted_at: datetime | None


@dataclass(frozen=True)
class PledgesPage:
    """Who works here today, those who have not accepted first; None where no text is in force."""

    today: date
    text: str
    text_from: date | None
    people: list[Pledger]
    can_edit: bool

    @property
    def lines(self) -> list[str]:
        return rules.pledge_lines(self.text)

    @property
    def by_name(self) -> list[Pledger]:
        """As a paper lists them."""
        return sorted(self.people, key=lambda one: name_key(one.name))

    @property
    def accepted(self) -> list[Pledger]:
        return [one for one in self.people if one.accepted_at is not None]

    @property
    def missing(self) -> list[Pledger]:
        return [one for one in self.people if one.accepted_at is None]


def pledges_page() -> PledgesPage:
    """Three statements."""
    today = clock.today()
    text = db.session.scalars(select(PledgeText).where(valid_on(PledgeText, today))).first()
    accepted = {}
    if text is not None:
        rows = db.session.scalars(select(PledgeAcceptance).where(PledgeAcceptance.text_id == text.id))
        accepted = {row.user_id: row for row in rows}
    people = [_pledger(name, roles, accepted.get(user_id)) for user_id, (name, roles) in _workers(today).items()]
    return PledgesPage(
        today=today,
        text=text.text if text else "",
        text_from=text.valid_from if text else None,
        people=sorted(people, key=lambda one: (one.accepted_at is not None, name_key(one.name))),
        can_edit=scope().may(Permission.SETTINGS_WRITE),
    )


def _pledger(name: str, roles: list[str], row: PledgeAcceptance | None) -> Pledger:
    said = ", ".join(roles)
    if row is None:
        return Pledger(name, said, None, "", None)
    return Pledger(name, said, row.id, row.accepted_by, row.accepted_at)


def _workers(today: date) -> dict[int, tuple[str, list[str]]]:
    """Everybody with a role here today but the parents: name and roles, by id."""
    rows = db.session.execute(
        select(User.id, User.first_name, User.last_name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role != Role.GUARDIAN,
            valid_on(Membership, today),
        )
        .order_by(Membership.id)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        _, roles = found.setdefault(row.id, (f"{row.last_name} {row.first_name}", []))
        if (said := role_name(row.role, row.first_name)) not in roles:
            roles.append(said)
    return found


# --- what is asked of each role -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleAsked:
    """A role and what is asked of it today."""

    role: Role
    name: str
    now: Asked


@dataclass(frozen=True)
class Change:
    """What one role is asked from a day on."""

    role: Role
    name: str
    asked: Asked


@dataclass(frozen=True)
class Planned:
    """All that changes on one day still to come."""

    day: date
    set_by: str
    changes: list[Change]


@dataclass(frozen=True)
class EntryRulesPage:
    """What holds, what is planned, and what is set last, from which a change goes on."""

    today: date
    roles: list[RoleAsked]
    planned: list[Planned]
    last: dict[Role, Asked]
    seen: str

    @property
    def begins(self) -> date:
        return max([self.today, *(one.day for one in self.planned)]) + ONE_DAY

    @property
    def filled(self) -> dict[str, object]:
        """What the form begins with."""
        fields: dict[str, object] = {"first": self.begins, "seen": self.seen}
        for role, asked in self.last.items():
            fields |= {f"factor_{role}": asked.second_factor, f"idle_{role}": asked.idle_minutes}
        return fields


def entry_rules_page() -> EntryRulesPage:
    """One statement."""
    today = clock.today()
    now: dict[Role, Asked] = {}
    last: dict[Role, Asked] = dict.fromkeys(Role, DEFAULT_ASKED)
    planned: dict[date, Planned] = {}
    seen = 0
    for row in db.session.scalars(select(EntryRule).order_by(EntryRule.valid_from, EntryRule.id)):
        asked = Asked(row.needs_second_factor, row.idle_minutes)
        last[row.role], seen = asked, max(seen, row.id)
        if row.valid_from <= today:
            now[row.role] = asked
            continue
        one = planned.setdefault(row.valid_from, Planned(row.valid_from, row.set_by or "", []))
        one.changes.append(Change(row.role, role_name(row.role, ""), asked))
    roles = [RoleAsked(role, role_name(role, "").capitalize(), now.get(role, DEFAULT_ASKED)) for role in Role]
    return EntryRulesPage(today, roles, list(planned.values()), last, str(seen))
