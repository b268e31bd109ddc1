"""The reasons a new institution begins with. Pure.

No national list of letters exists (domain 1.2): these are the reasons municipalities' orders name (domain 1.4), in the
order of how often they are needed. A quarantine frees from both parts of the fee, the other justified reasons from food
only. Papers are due as S II.7 says: by the month's last day. An institution changes each from a day on.
"""

from __future__ import annotations

from ediary.absences.rules import PaperBy, PaperDue, ReasonKind, Rule, Terms
from ediary.groups.rules import Programme

_BY_PARENTS = Rule(PaperBy.PARENTS, PaperDue.MONTH_END)
_OFFICIAL = Rule(PaperBy.OFFICIAL, PaperDue.MONTH_END)


def _justified(letter: str, name: str, rule: Rule, *, all_free: bool = False) -> Terms:
    return Terms(letter, name, ReasonKind.JUSTIFIED, True, all_free, rule)


DELIVERED_REASONS: tuple[Terms, ...] = (
    Terms("l", "Liga", ReasonKind.ILLNESS, True, False, _BY_PARENTS),
    _justified("t", "Tėvų atostogos", _OFFICIAL),
    _justified("d", "Papildoma poilsio diena (DK 138 str.)", _OFFICIAL),
    _justified("g", "Kintantis darbo grafikas, nuotolinis darbas", _OFFICIAL),
    _justified("p", "Kita pateisinama priežastis", _BY_PARENTS),
    Terms("n", "Nepateisinta", ReasonKind.UNJUSTIFIED, False, False),
    _justified("m", "Mokinių atostogos", Rule(programme=Programme.PREPRIMARY)),
    _justified(
        "v",
        "Vasara",
        Rule(PaperBy.PARENTS, PaperDue.MONTH_END, season_first="06-01", season_last="08-31"),
    ),
    Terms("s", "Sanatorija, reabilitacija", ReasonKind.ILLNESS, True, False, _OFFICIAL),
    _justified("š", "Šaltis (−20 °C ir žemesnė)", Rule()),
    _justified("k", "Karantinas, ekstremali padėtis", Rule(), all_free=True),
)
