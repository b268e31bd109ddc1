"""Slowed guessing, the role one comes in with, who signs: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

#: so many wrong passwords of one log-in cost nothing, from one address or on one's own device: people mistype
FREE_OF_LOGIN = 4
#: and from all addresses together: a stranger elsewhere must not make the owner of a new device wait
FREE_OF_LOGIN_ANYWHERE = 20
#: a whole kindergarten logs in from one address at half past seven
FREE_OF_ADDRESS = 30
LONGEST_WAIT = timedelta(minutes=15)
#: of a short number, of which there are few
LONGEST_WAIT_OF_PIN = timedelta(hours=1)
#: failures this old no longer count
FORGOTTEN_AFTER = timedelta(hours=24)


def wait_after(failures: int, free: int = FREE_OF_LOGIN, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """How long the next try must wait after so many failures in a row: 2, 4, 8… seconds, up to the longest."""
    if failures <= free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 12)), longest)


def still_waits(
    failures: int, last_at: datetime, now: datetime, free: int = FREE_OF_LOGIN, longest: timedelta = LONGEST_WAIT
) -> timedelta:
    """How much of that wait is left; zero when the next try may be made."""
    wait = wait_after(failures, free, longest)
    # without a wait the moments do not matter: another worker may have written a later one than our `now`
    if not wait or now - last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    return max(last_at + wait - now, timedelta(0))


# --- sessions -------------------------------------------------------------------------------------------------------

#: a session ends after this long without a person's own request (polling does not count), unless its role's rule says
IDLE = timedelta(hours=10)
#: and in any case after this long
LONGEST_SESSION = timedelta(days=7)
#: how exactly the last request is remembered, so that taps need no write for it
SEEN_EVERY = timedelta(minutes=5)


def idle_after(minutes: int | None) -> timedelta:
    """How long a session may be idle; `minutes` by its role's rule."""
    return IDLE if minutes is None else timedelta(minutes=minutes)


def is_over(created_at: datetime, seen_at: datetime, idle_minutes: int | None, now: datetime) -> bool:
    """Has a session that nobody ended run out by itself?"""
    return now - seen_at > idle_after(idle_minutes) or now - created_at > LONGEST_SESSION


def seen_again(seen_at: datetime, idle_minutes: int | None, now: datetime) -> bool:
    """Is a request to be remembered? Oftener where a session may be idle for minutes only."""
    return now - seen_at >= min(SEEN_EVERY, idle_after(idle_minutes) / 5)


# --- one's roles ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A role one may come in with: what it may do, and whether the group of the page asked for exists for it."""

    seat_id: int
    may: frozenset[str]
    sees: bool


def seat_to(ways: Iterable[Way], needed: str) -> int | None:
    """The first of a person's roles that may open a page which needs this; None = none may."""
    return next((way.seat_id for way in ways if way.sees and needed in way.may), None)


def sole(names: Sequence[str]) -> str:
    """Who signs for a role: its one holder. Nobody is named where none or more than one could."""
    return names[0] if len(names) == 1 else ""


# --- whose credentials may be replaced ------------------------------------------------------------------------------


@dataclass(frozen=True)
class LiveSeat:
    """A role somebody holds or will hold."""

    institution_id: int
    is_guardian: bool


class NoSlip(StrEnum):
    """Why an institution may not print a slip for a person."""

    UNKNOWN = "unknown"
    WORKS_HERE = "works_here"
    NOT_OURS = "not_ours"


def why_no_slip(seats: Sequence[LiveSeat], made_by_id: int | None, here: int, *, of_groups_only: bool) -> NoSlip | None:
    """May the institution `here` replace this person's credentials? Nobody takes over a log-in through another one.

    Only a person of this institution; and if others know them too, only where this one made the log-in. Who sees
    groups only (`of_groups_only`: an educator) replaces those of parents, never of one who works somewhere.
    """
    if not any(seat.institution_id == here for seat in seats):
        return NoSlip.UNKNOWN
    if of_groups_only and not all(seat.is_guardian for seat in seats):
        return NoSlip.WORKS_HERE
    if made_by_id != here and any(seat.institution_id != here for seat in seats):
        return NoSlip.NOT_OURS
    return None


# --- the short number for a shared tablet ---------------------------------------------------------------------------

SHORTEST_PIN, LONGEST_PIN = 4, 6


class BadPin(StrEnum):
    """Why a number will not do."""

    SHAPE = "shape"
    EASY = "easy"
    DATE = "date"


def why_not_pin(pin: str) -> BadPin | None:
    """4 to 6 digits; not one digit, a run or a repetition, and no day or year of birth, which colleagues know."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        return BadPin.SHAPE
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        return BadPin.EASY
    if any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in (2, 3)):
        return BadPin.EASY
    return BadPin.DATE if _is_date(pin) else None


def _is_date(pin: str) -> bool:
    """A year (1985), a day and a month either way round (0314, 1403), a day with its year (850314, 140385)."""
    if len(pin) == 4:
        return 1920 <= int(pin) <= 2049 or _is_day(pin[:2], pin[2:]) or _is_day(pin[2:], pin[:2])
    if len(pin) == 6:
        return _is_day(pin[2:4], pin[4:]) or _is_day(pin[2:4], pin[:2]) or 1920 <= int(pin[:4]) <= 2049
    return False


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


# --- the pledge -----------------------------------------------------------------------------------------------------

#: what an institution begins with until it writes its own (A8; after the points of S annex 1 and K annex 1)
DELIVERED_PLEDGE = """\
Dirbdamas (-a) su elektroniniu dienynu, tvarkau vaikų, jų tėvų (globėjų) ir darbuotojų duomenis.

1. Suprantu, kad:
1.1. darbe sužinotų asmens ir kitų duomenų negalima atskleisti ar perduoti žmonėms ir įstaigoms, kurie neturi teisės juos žinoti;
1.2. savo slaptažodžio, PIN ir patvirtinimo kodų negalima duoti kitiems, kaip ir kitaip padėti jiems pasiekti duomenis;
1.3. už netinkamą duomenų tvarkymą atsakoma pagal Lietuvos Respublikos įstatymus.

2. Įsipareigoju:
2.1. saugoti duomenų paslaptį;
2.2. tvarkyti duomenis tik tiek, kiek reikia mano pareigoms, laikydamasis (-i) Bendrojo duomenų apsaugos reglamento, Lietuvos Respublikos įstatymų, įstaigos nustatytos tvarkos ir savo pareigybės aprašymo;
2.3. nesudaryti sąlygų duomenis matyti tiems, kuriems jie nepriklauso, nei įstaigoje, nei už jos ribų: nepalikti atverto dienyno be priežiūros, baigus darbą atsijungti, dienyno vaizdo nefotografuoti ir neskelbti;
2.4. apie kiekvieną įtartiną atvejį, kuris gali kelti grėsmę duomenų saugumui, nedelsdamas (-a) pranešti savo vadovui.

3. Žinau, kad:
3.1. už šio pasižadėjimo ir duomenų apsaugos teisės aktų pažeidimus atsakysiu pagal galiojančius įstatymus;
3.2. žmogus, patyręs žalą dėl neteisėto duomenų tvarkymo, turi teisę reikalauti atlyginti turtinę ir neturtinę žalą;
3.3. pasižadėjimas galioja visą mano darbo šioje įstaigoje laiką, o pareiga neatskleisti sužinotų duomenų lieka ir jam pasibaigus.

4. Patvirtinu, kad esu susipažinęs (-usi) su asmens duomenų apsaugą reglamentuojančiais teisės aktais ir su įstaigos elektroninio dienyno tvarkymo nuostatais.
"""  # noqa: E501


def pledge_lines(text: str) -> list[str]:
    """The pledge's paragraphs; an empty one where the text has an empty line."""
    return [line.strip() for line in text.strip().splitlines()]


# --- what entering asks ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Of a role: a second factor, and the minutes after which an idle session ends."""

    second_factor: bool
    idle_minutes: int


#: where the institution has said nothing
DEFAULT_ASKED = Asked(second_factor=False, idle_minutes=600)
#: what may be chosen, in minutes
IDLE_CHOICES = (5, 10, 15, 30, 60, 120, 240, 600)


#: on a shared tablet who acts is asked again after so many quiet minutes: it goes from hand to hand
IDLE_ON_TABLET = 10
