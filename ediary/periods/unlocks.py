"""Opening what is closed, for a reason and a term, and closing it again (C5; S II.4, II.5).

The caller holds what is opened exclusively: a group's day or month; the removing of records has no lock point and is
opened one at a time. What changed meanwhile, and the act it makes, is the business of the area `acts`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.dates import ONE_DAY, Month, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.i18n import day_long, month_long, stamp
from ediary.core.locks import held
from ediary.core.permissions import Role
from ediary.core.points import DayPoint
from ediary.core.settled import one_at_a_time
from ediary.groups import queries as groups
from ediary.notices import actions as notices
from ediary.periods import actions, rules
from ediary.periods.models import REASON_LENGTH, FillingIn, MonthStep, Step, Unlock


def check_reason(reason: str) -> str:
    """The reason as it is kept. Raises BadInput when it is missing, says nothing, or is too long."""
    if not rules.says_something(reason):
        raise BadInput(_("Write the reason so that it can be understood years later, in two words at least."))
    if len(reason) > REASON_LENGTH:
        raise BadInput(_("The reason is longer than %(count)s characters. Make it shorter.", count=REASON_LENGTH))
    return reason.strip()


def open_day(group_ids: Collection[int], day: date, reason: str, minutes: int, opened_by: str) -> list[Unlock]:
    """Open a locked day for these groups (S II.8). The caller has refused what cannot be opened.

    Raises BadInput without a reason or a term, or naming who has the day open already and until when.
    """
    kept = check_reason(reason)
    if not rules.SHORTEST_TERM <= minutes <= rules.LONGEST_TERM:
        raise BadInput(_("Choose for how long the day is opened."))
    until = rules.open_until(held().now, minutes, at_local(held().today + ONE_DAY, time(0)))
    refuse_second(FillingIn.DAY, group_ids, day=day)
    for point in _days(group_ids, [day]):
        point.open_until = until
    made = [_unlock(FillingIn.DAY, group_id, kept, until, opened_by, day=day) for group_id in sorted(group_ids)]
    db.session.flush()
    tell_opened(made)
    return made


def _days(group_ids: Collection[int], days: Collection[date]) -> list[DayPoint]:
    chosen = select(DayPoint).where(DayPoint.day.in_(days), DayPoint.group_id.in_(group_ids))
    return list(db.session.scalars(chosen.order_by(DayPoint.group_id, DayPoint.day)))


def _unlock(
    kind: FillingIn,
    group_id: int | None,
    reason: str,
    until: datetime,
    opened_by: str,
    *,
    day: date | None = None,
    month: Month | None = None,
    with_id: int | None = None,
) -> Unlock:
    made = Unlock(
        kind=kind,
        group_id=group_id,
        day=day,
        month=month,
        with_id=with_id,
        reason=reason,
        opened_at=held().now,
        opened_by=opened_by,
        until=until,
        closed_at=None,
        closed_by=None,
    )
    db.session.add(made)
    return made


def refuse_second(
    kind: FillingIn, group_ids: Collection[int | None], *, day: date | None = None, month: Month | None = None
) -> None:
    """What is open is not opened a second time: raises BadInput saying who has it open, and until when."""
    running = select(Unlock).where(
        Unlock.kind == kind,
        Unlock.day == day if day else Unlock.day.is_(None),
        Unlock.month == month if month else Unlock.month.is_(None),
        Unlock.closed_at.is_(None),
        Unlock.until > held().now,
    )
    for row in db.session.scalars(running.order_by(Unlock.id)):
        if row.group_id in group_ids:
            raise BadInput(
                _(
                    "%(what)s is open already: %(who)s opened it until %(until)s. Reason: %(reason)s",
                    what=what_said(row),
                    who=row.opened_by,
                    until=stamp(row.until),
                    reason=row.reason,
                )
            )


def open_months(
    group_ids: Collection[int], month: Month, reason: str, days_on: int, opened_by: str, days: Collection[date] = ()
) -> list[Unlock]:
    """Open a closed month for these groups (S II.4, II.5), to the end of a day from today on; `days_on` counts to it.

    `days`: whose presence is opened too, though the kitchen's lock covers it. The caller holds the groups' months, and
    these days, exclusively. Raises BadInput: no reason or term, a month that is not closed, open already.
    """
    kept, until = check_reason(reason), _end_of(days_on)
    refuse_second(FillingIn.MONTH, group_ids, month=month)
    made = []
    for group_id in sorted(group_ids):
        actions.open_month(group_id, month, until, opened_by, kept)
        made.append(_unlock(FillingIn.MONTH, group_id, kept, until, opened_by, month=month))
    db.session.flush()
    for row in made:
        for day in sorted(days):
            refuse_second(FillingIn.DAY, [row.group_id], day=day)
            _unlock(FillingIn.DAY, row.group_id, kept, until, opened_by, day=day, with_id=row.id)
    for point in _days(group_ids, days):
        point.open_until = until
    db.session.flush()
    tell_opened(made)
    return made


def open_removing(group_ids: Collection[int | None], reason: str, days_on: int, opened_by: str) -> list[Unlock]:
    """Let records be removed (S II.4: closed by default) in these groups; None = what belongs to no group.

    Raises BadInput like `open_months`.
    """
    kept, until = check_reason(reason), _end_of(days_on)
    one_at_a_time()
    refuse_second(FillingIn.DELETION, group_ids)
    wanted = sorted(group_ids, key=lambda group_id: group_id or 0)
    made = [_unlock(FillingIn.DELETION, group_id, kept, until, opened_by) for group_id in wanted]
    db.session.flush()
    tell_opened(made)
    return made


def _end_of(days_on: int) -> datetime:
    if not 0 <= days_on <= rules.LONGEST_DAYS:
        raise BadInput(_("Choose for how long it is opened."))
    return at_local(held().today + (days_on + 1) * ONE_DAY, time(0))


# --- closing ------------------------------------------------------------------------------------------------


def take(unlock_id: int) -> Unlock:
    """The unlock, taken so that only one closes it. Raises NotFound, also for a day opened along with its month."""
    row = db.session.scalars(
        select(Unlock).where(Unlock.id == unlock_id, Unlock.with_id.is_(None)).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def close(row: Unlock, closed_by: str) -> None:
    """Close again by hand, the days opened along with a month too. Raises Stale when it is closed already."""
    if row.closed_at is not None or row.until <= held().now:
        raise Stale(_("It is closed already. Nothing was changed."))
    for one in (row, *along(row)):
        _shut(one)
        one.closed_at, one.closed_by = held().now, closed_by
    if row.month is not None and row.group_id is not None:
        actions.close_month(row.group_id, row.month, closed_by)
    db.session.flush()


def expire(row: Unlock) -> None:
    """Put on record that the term ran out: the same whoever notices it. The lock point says so by itself."""
    for one in (row, *along(row)):
        one.closed_at = one.until
    if row.month is not None:
        db.session.add(
            MonthStep(
                group_id=row.group_id,
                month=row.month,
                step=Step.CLOSE,
                at=row.until,
                by=_("by itself"),
                remark="",
            )
        )
    db.session.flush()


def along(row: Unlock) -> list[Unlock]:
    """The days opened along with a month. One statement."""
    return list(db.session.scalars(select(Unlock).where(Unlock.with_id == row.id).order_by(Unlock.day)))


def _shut(row: Unlock) -> None:
    if row.day is not None and row.group_id is not None:
        for point in _days([row.group_id], [row.day]):
            point.open_until = None


# --- telling ------------------------------------------------------------------------------------------------


def what_said(row: Unlock) -> str:
    """What was opened, in words: „Boružiukai, 2026 m. lapkričio 23 d., pirmadienis“."""
    name = groups.group(row.group_id).name if row.group_id is not None else _("The whole kindergarten")
    if row.day is not None:
        return f"{name}, {day_long(row.day)}"
    if row.month is not None:
        return f"{name}, {month_long(row.month)}"
    return _("%(group)s, the removing of records", group=name)


def where(row: Unlock) -> str:
    """The page it is about."""
    if row.day is not None:
        return f"/attendance/{row.day.isoformat()}/{row.group_id}"
    return f"/sheets/{row.month}/{row.group_id}" if row.month is not None else "/acts/"


def tell_opened(made: Collection[Unlock]) -> None:
    """The groups' educators, the social pedagogue and the administrator hear of it by themselves (K 20)."""
    for row in made:
        said = {"what": what_said(row), "who": row.opened_by, "until": stamp(row.until), "reason": row.reason}
        text = _("Opened until %(until)s: %(what)s (%(who)s). Reason: %(reason)s", **said)
        tell(row, text, where(row))


def tell(row: Unlock, text: str, url: str) -> None:
    """A word about an unlock to all whom it concerns."""
    if row.group_id is not None:
        notices.tell(groups.staff([row.group_id], held().today).get(row.group_id, []), text, url, role=Role.EDUCATOR)
    if row.kind is not FillingIn.DELETION:
        notices.tell_role(Role.SOCIAL_PEDAGOGUE, text, url)
    notices.tell_role(Role.ADMINISTRATOR, text, "/acts/")
