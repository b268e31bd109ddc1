"""Who came in, as a spreadsheet."""

from __future__ import annotations

from flask_babel import gettext as _

from ediary.core import clock
from ediary.core.i18n import month_long, stamp
from ediary.core.workbooks import Table, xlsx_of
from ediary.statistics.queries import MonthPage


def workbook(page: MonthPage) -> bytes:
    """Two worksheets: people by role, parents by group."""
    people = Table(
        _("Staff"),
        [_("Name"), _("Role"), _("Came in"), _("On a tablet"), _("Last time")],
        [
            [one.name, one.role, one.times, one.on_tablet, stamp(one.last) if one.last else _("never")]
            for one in page.visitors
        ],
    )
    parents = Table(
        _("Parents"),
        [
            _("Group"),
            _("Children"),
            _("Parents with a log-in"),
            _("Have ever come in"),
            _("Came in this month"),
            _("Times"),
            _("Children whose parents never came in"),
        ],
        [
            [one.name, one.children, one.with_log_in, one.ever, one.this_month, one.times, one.unseen]
            for one in page.groups
        ],
    )
    title = _("Log-ins, %(month)s", month=month_long(page.month))
    return xlsx_of([people, parents], title, clock.now())
