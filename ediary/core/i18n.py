"""Lithuanian dates, hours, months and the order of names, for templates and papers."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.support import Translations
from flask import Flask
from markupsafe import Markup

from ediary.core.dates import VILNIUS, Month

LOCALE = "lt"

_ALPHABET = "aąbcčdeęėfghiįyjklmnoprsštuųūvzž"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}


@lru_cache(maxsize=8192)  # every tap orders its group
def name_key(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key of the Lithuanian alphabet (Č after C, Š after S, Y among I, Ž last); other letters after their like."""
    key = []
    for letter in name.lower():
        rank = _RANK.get(letter)
        if rank is None:
            base = unicodedata.normalize("NFD", letter)[0]
            rank = _RANK.get(base, len(_RANK) + 1 if letter.isalpha() else 0)
        key.append((rank, letter))
    return tuple(key)


def folded(text: str) -> str:
    """In small letters without their signs, to search by: „Įsakymas Nr. V-5“ -> „isakymas nr. v-5“."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def day_long(day: date) -> str:
    """2026 m. lapkričio 22 d., sekmadienis."""
    return format_date(day, "full", locale=LOCALE)


def day_short(day: date) -> str:
    """lapkričio 22 d."""
    return format_date(day, "MMMM d 'd'.", locale=LOCALE)


def weekday(day: date) -> str:
    """trečiadienis."""
    return format_date(day, "EEEE", locale=LOCALE)


def month_long(month: Month) -> str:
    """2026 m. lapkritis."""
    return format_date(month.first, "y 'm'. LLLL", locale=LOCALE)


def hour(moment: datetime) -> str:
    """The Vilnius wall clock of a moment: 8:12."""
    return moment.astimezone(VILNIUS).strftime("%-H:%M")


def stamp(moment: datetime) -> str:
    """The Vilnius day and hour of a moment: 2026-11-22 8:12."""
    return moment.astimezone(VILNIUS).strftime("%Y-%m-%d %-H:%M")


def speak(app: Flask) -> None:
    """Texts straight out of the one catalogue: asking Flask-Babel which language it is costs a tenth of a page."""
    translations = Translations.load(Path(app.root_path) / "translations", [LOCALE])

    @lru_cache(maxsize=4096)
    def known(text: str, context: str = "") -> Markup:
        found = translations.upgettext(context, text) if context else translations.ugettext(text)
        return Markup(found)  # noqa: S704 - our own texts, as Jinja's extension takes them

    @lru_cache(maxsize=4096)
    def plain(text: str, context: str = "") -> Markup:
        return known(text, context) % {}

    def say(text: str, /, **variables: Any) -> Markup:
        return known(text) % variables if variables else plain(text)

    def say_in(context: str, text: str, /, **variables: Any) -> Markup:
        return known(text, context) % variables if variables else plain(text, context)

    app.jinja_env.globals.update({"_": say, "gettext": say, "pgettext": say_in})


def register(app: Flask) -> None:
    """Give templates these as filters, and the texts."""
    speak(app)
    app.add_template_filter(day_long)
    app.add_template_filter(day_short)
    app.add_template_filter(weekday)
    app.add_template_filter(month_long)
    app.add_template_filter(hour)
    app.add_template_filter(stamp)
    app.add_template_filter(date.isoformat, "iso")
