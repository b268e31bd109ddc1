"""How far a group's month has come, with who and when (C4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from ediary.core.i18n import stamp
from ediary.core.lockstate import Stage
from ediary.core.points import state_of_month
from ediary.periods.models import Step
from ediary.periods.queries import Taken


class MonthState(StrEnum):
    """What a month's sheet is now."""

    FILLING = "filling"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    LOCKED = "locked"
    #: closed, and opened by the director for a correction
    OPENED = "opened"


@dataclass(frozen=True)
class Done:
    """When a step was taken, and by whom; None = by the clock."""

    at: datetime
    by: str | None = None


@dataclass(frozen=True)
class Course:
    """The steps that hold now. What was returned is being filled in again."""

    submitted: Done | None = None
    checked: Done | None = None
    locked: Done | None = None
    #: the director's unlock, while it lasts
    opened_until: datetime | None = None

    @property
    def state(self) -> MonthState:
        if self.opened_until is not None:
            return MonthState.OPENED
        if self.locked is not None:
            return MonthState.LOCKED
        if self.checked is not None:
            return MonthState.CHECKED
        return MonthState.FILLING if self.submitted is None else MonthState.SUBMITTED

    @property
    def is_final(self) -> bool:
        """May it be printed as what it is? Before, a print is a draft."""
        return self.state in (MonthState.CHECKED, MonthState.LOCKED)

    @property
    def words(self) -> tuple[str, ...]:
        """A line for each step that holds; of a month being filled in, that its print is a draft."""
        if self.opened_until is not None:
            return (_("Draft: opened for a correction until %(when)s", when=stamp(self.opened_until)),)
        found = []
        if self.submitted is not None:
            found.append(_("Submitted %(when)s, %(who)s", when=stamp(self.submitted.at), who=self.submitted.by))
        if self.checked is not None:
            found.append(_("Checked %(when)s, %(who)s", when=stamp(self.checked.at), who=self.checked.by))
        if self.locked is not None and self.locked.by:
            found.append(_("Locked %(when)s, %(who)s", when=stamp(self.locked.at), who=self.locked.by))
        elif self.locked is not None:
            found.append(_("Locked by itself %(when)s", when=stamp(self.locked.at)))
        if self.state is MonthState.SUBMITTED:
            return (*found, _("Draft: not checked yet"))
        return tuple(found) or (_("Draft: being filled in"),)


def course(now: datetime, row: Any) -> Course:
    """The course of a group's month at a moment, by a row of `core.points.month_facts`."""
    closed = state_of_month(now, row)
    until = row.month_open_until
    return Course(
        submitted=Done(row.month_submitted_at, row.month_submitted_by) if row.month_submitted_at else None,
        checked=Done(row.month_checked_at, row.month_checked_by) if row.month_checked_at else None,
        locked=Done(closed.at, closed.by) if closed is not None and closed.stage is Stage.LOCKED else None,
        opened_until=until if until is not None and now < until else None,
    )


def returned(steps: tuple[Taken, ...]) -> Taken | None:
    """The remark to be heeded: the month was returned and nothing has been done to it since."""
    return steps[-1] if steps and steps[-1].step is Step.RETURN else None


def step_words(taken: Taken) -> str:
    """A step as the course of the month tells it."""
    return {
        Step.SUBMIT: _("submitted"),
        Step.RETURN: _("returned"),
        Step.CHECK: _("checked"),
        Step.LOCK: _("locked"),
        Step.UNLOCK: _("opened for a correction"),
        Step.CLOSE: _("closed again"),
    }[taken.step]
