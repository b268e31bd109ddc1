"""Everything a role can open, in one place: the rail holds the few places of every day, this page the others too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.permissions import Permission


@dataclass(frozen=True)
class Door:
    """A page to open: what it is called, what one does there."""

    label: Any
    hint: Any
    icon: str
    endpoint: str
    arguments: Callable[[date], dict[str, Any]] = lambda day: {}


@dataclass(frozen=True)
class Opened:
    """A door that this role may open."""

    label: str
    hint: str
    icon: str
    url: str


@dataclass(frozen=True)
class Room:
    """Doors that belong together."""

    title: str
    doors: list[Opened]


_ROOMS: tuple[tuple[Any, tuple[Door, ...]], ...] = (
    (
        _l("Today and the month"),
        (
            Door(_l("Today"), _l("the groups one works in, what is new"), "today", "home.today"),
            Door(_l("Kitchen"), _l("who eats today, portions"), "kitchen", "kitchen.board", lambda day: {"day": day}),
            Door(
                _l("Month"),
                _l("the sheets of the groups"),
                "month",
                "sheets.month",
                lambda day: {"month": Month.of(day)},
            ),
            Door(_l("Unlocks and acts"), _l("what is open, what was mended"), "unlock", "acts.index"),
            Door(_l("Without the diary"), _l("day sheets on paper, entered later"), "paper", "outages.index"),
            Door(_l("Analysis of attendance"), _l("who misses long, often, unjustified"), "chart", "analysis.index"),
            Door(_l("Watching over"), _l("who fills in how, checks, remarks"), "watch", "supervision.index"),
            Door(
                _l("Papers for absences"),
                _l("what is missing, until when"),
                "paper",
                "papers.missing",
                lambda day: {"month": Month.of(day)},
            ),
            Door(_l("Calendar"), _l("working days, closures"), "month", "workdays.index"),
            Door(_l("Payers' codes"), _l("of newcomers, by 15 September"), "key", "cards.payer_codes"),
        ),
    ),
    (
        _l("Children"),
        (
            Door(_l("My children"), _l("what the diary says of them"), "child", "home.children"),
            Door(_l("Children"), _l("lists and cards"), "child", "children.index"),
            Door(_l("Birthdays"), _l("of this week"), "cake", "children.this_week"),
            Door(_l("Parents without access"), _l("whom to give a slip"), "key", "children.no_access"),
            Door(_l("Leaving and away"), _l("departures, leave by order"), "out", "transfers.index"),
            Door(_l("Shared list"), _l("children other kindergartens offer"), "people", "transfers.offers"),
        ),
    ),
    (
        _l("Groups and people"),
        (
            Door(_l("Groups"), _l("who is in them, who works in them"), "people", "groups.index"),
            Door(_l("Substitutes"), _l("who stands in for whom, hours"), "people", "handovers.index"),
            Door(_l("Leavers' records"), _l("checked and handed over"), "paper", "handovers.leavers_list"),
            Door(_l("Employees"), _l("roles, log-ins"), "person", "people.index"),
            Door(_l("Slips"), _l("log-ins on paper"), "print", "slips.index"),
            Door(_l("Shared tablets"), _l("pair and end them"), "key", "tablets.index"),
        ),
    ),
    (
        _l("The kindergarten"),
        (
            Door(_l("Orders and documents"), _l("numbers, files, what they order"), "folder", "documents.index"),
            Door(_l("Lists and registers"), _l("lists in, compared until equal"), "paper", "registers.index"),
            Door(_l("Settings"), _l("hours, reasons, meals, wording"), "settings", "settings.index"),
            Door(_l("Log-in statistics"), _l("who comes in how often"), "search", "statistics.index"),
            Door(_l("Accepted pledges"), _l("of confidentiality, to print"), "paper", "accounts.accepted_pledges"),
            Door(_l("Copies of data"), _l("at a person's request"), "download", "copies.index"),
            Door(_l("History"), _l("who changed what, and when"), "clock", "history.index"),
            Door(_l("Check a paper"), _l("is it what the diary says"), "paper", "history.check"),
            Door(_l("About the kindergarten"), _l("address, telephone, who leads"), "home", "settings.institution"),
        ),
    ),
    (
        _l("Mine"),
        (
            Door(_l("Notices"), _l("what the diary tells me"), "bell", "notices.index"),
            Door(_l("Remarks"), _l("about what I fill in"), "remark", "supervision.remarks_list"),
            Door(_l("My account"), _l("password, second step, sessions"), "person", "accounts.index"),
            Door(_l("My data"), _l("a copy of all that is kept"), "download", "copies.own"),
            Door(_l("Help"), _l("how things are done"), "help", "help.index"),
        ),
    ),
)


def rooms(permissions: frozenset[Permission]) -> list[Room]:
    """The doors these permissions open; rooms without any are left out. No statement."""
    today, found = clock.today(), []
    for title, doors in _ROOMS:
        opened = [
            Opened(str(door.label), str(door.hint), door.icon, url_for(door.endpoint, **door.arguments(today)))
            for door in doors
            if _needed(door.endpoint) in permissions
        ]
        if opened:
            found.append(Room(str(title), opened))
    return found


def _needed(endpoint: str) -> Permission | None:
    needed: Permission | None = getattr(current_app.view_functions.get(endpoint), "required_permission", None)
    return needed
