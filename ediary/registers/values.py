"""What a cell says, in one spelling; Wrong where it says nothing that makes sense. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ediary.children.rules import CodeFault, Relation, code_fault, tidy_code
from ediary.groups.rules import AgeBand, Programme
from ediary.registers.days import day
from ediary.registers.names import name
from ediary.registers.rules import DAYS, DayOrder, FaultCode, Field, Wrong
from ediary.registers.vocabulary import plain

LONGEST: Mapping[Field, int] = {Field.ADDRESS: 200, Field.EMAIL: 120, Field.G1_EMAIL: 120, Field.G2_EMAIL: 120}
LONGEST_TEXT = 80


_CODE_FAULTS = {CodeFault.CHECK: FaultCode.CODE_CHECK}


def personal_code(text: str) -> str:
    """A Lithuanian personal code in one spelling. Raises Wrong, for a foreigner's too: the card asks."""
    if re.fullmatch(r"\d([.,]\d+)?[eE]\+?1\d", text):
        raise Wrong(FaultCode.CODE_CUT)
    code = tidy_code(text)
    wrong = code_fault(code, None)
    if wrong is not None:
        raise Wrong(_CODE_FAULTS.get(wrong, FaultCode.CODE_SHAPE))
    return code


def born_by(code: str) -> date | None:
    """The day of birth a personal code says."""
    century = 1800 + (int(code[0]) - 1) // 2 * 100
    try:
        return date(century + int(code[1:3]), int(code[3:5]), int(code[5:7]))
    except ValueError:
        return None


_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
)


def email(text: str) -> str:
    """An address in lower case. Raises Wrong."""
    text = re.sub(r"^mailto:", "", text.casefold()).strip("<> ;,")
    if not _EMAIL.fullmatch(text) or ".." in text or len(text) > 120:
        raise Wrong(FaultCode.EMAIL_SHAPE)
    return text


def phone(text: str) -> str:
    """+37061234567; a number of another country as it is. Raises Wrong."""
    digits = re.sub(r"[^\d+]", "", re.sub(r"\((\d+)\)", r"\1", text))
    if re.search(r"[^\d\s()+./-]", text) or digits.rfind("+") > 0:
        raise Wrong(FaultCode.PHONE_SHAPE)
    if found := re.fullmatch(r"(?:\+?370|00370|8|0)?(\d{8})", digits):
        return f"+370{found[1]}"
    if found := re.fullmatch(r"(?:\+|00)([1-9]\d{6,14})", digits):
        return f"+{found[1]}"
    raise Wrong(FaultCode.PHONE_SHAPE)


def number(text: str, most: int) -> str:
    if not re.fullmatch(r"\d{1,4}", text) or not 0 < int(text) <= most:
        raise Wrong(FaultCode.NUMBER_SHAPE, most)
    return str(int(text))


def hours(text: str) -> str:
    """Minutes a day: „10,5“, „10:30“, „10 val. 30 min.“, „7:30–18:00“. Raises Wrong."""
    said = re.sub(r"\s+", " ", text.casefold().replace("–", "-")).strip()
    if found := re.fullmatch(r"(\d{1,2})[:.](\d\d) ?(?:val\.?)? ?- ?(\d{1,2})[:.](\d\d) ?(?:val\.?)?", said):
        begin, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
        minutes = end - begin
    elif found := re.fullmatch(r"(\d{1,2}):(\d\d)", said) or re.fullmatch(
        r"(\d{1,2}) ?(?:val\.?|h)(?: ?(\d{1,2}) ?min\.?)?", said
    ):
        minutes = int(found[1]) * 60 + int(found[2] or 0)
    elif found := re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))? ?(?:val\.?|h)?", said):
        minutes = int(found[1]) * 60 + round(int((found[2] or "0").ljust(2, "0")) * 60 / 100)
    else:
        raise Wrong(FaultCode.NUMBER_SHAPE, 24)
    if not 60 <= minutes <= 24 * 60:
        raise Wrong(FaultCode.NUMBER_SHAPE, 24)
    return str(minutes)


_RELATIONS: dict[str, str] = {
    Relation.MOTHER: "mama motina motinos mamyte mother mom m",
    Relation.FATHER: "tetis tevas tevo tevelis father dad t",
    Relation.GUARDIAN: "globejas globeja globejo globejai guardian",
    Relation.CARETAKER: "rupintojas rupintoja caretaker",
    Relation.OTHER: "kita kitas kiti other senele senelis mociute teta dede brolis sesuo",
}
_BANDS: dict[str, str] = {
    AgeBand.NURSERY: "lopselis lopselio lopselinukai lopselinio lopselinis nursery ankstyvojo",
    AgeBand.KINDERGARTEN: "darzelis darzelio darzelinis darzelinukai kindergarten ikimokyklinis ikimokyklinio "
    "ikimokykline priesmokyklinis priesmokyklinio priesmokykline priesmokyklinuku",
}
_PROGRAMMES: dict[str, str] = {
    Programme.PRESCHOOL: "ikimokyklinis ikimokyklinio ikimokykline ikimokyklinuku preschool iu",
    Programme.PREPRIMARY: "priesmokyklinis priesmokyklinio priesmokykline priesmokyklinuku preprimary pu zerokas",
}
_LANGUAGES = {
    "lt": "lt lietuviu lietuviska lithuanian",
    "pl": "pl lenku lenkiska polish",
    "ru": "ru rusu rusiska russian",
    "en": "en anglu angliska english",
    "be": "be baltarusiu belarusian",
    "uk": "uk ukrainieciu ukrainian",
    "de": "de vokieciu german",
    "fr": "fr prancuzu french",
}


def _chosen(text: str, table: Mapping[str, str]) -> str | None:
    """The code one of whose words is among the text's; None when none or several are."""
    words = set(plain(text).split())
    found = [str(code) for code, spelled in table.items() if words & set(spelled.split())]
    return found[0] if len(found) == 1 else None


def relation(text: str) -> str:
    """Who a guardian is to the child. Raises Wrong."""
    found = _chosen(text, _RELATIONS) or (text if text in list(Relation) else None)
    if found is None:
        raise Wrong(FaultCode.CHOICE)
    return found


def age_band(text: str) -> str:
    """Nursery or kindergarten, said in words or in years: „1,5–3 m.“, „Nuo 3 iki 4 metų“. Raises Wrong."""
    said = _chosen(text, _BANDS)
    if said is not None:
        return said
    years = [int(one) for one in re.findall(r"\d+", re.sub(r"(\d)[.,]\d", r"\1", text))]
    if years and max(years) <= 7:
        return AgeBand.NURSERY if max(years) <= 3 else AgeBand.KINDERGARTEN
    raise Wrong(FaultCode.CHOICE)


def programme(text: str) -> str:
    """What a group is taught by. Raises Wrong."""
    found = _chosen(text, _PROGRAMMES)
    if found is None:
        raise Wrong(FaultCode.CHOICE)
    return found


def language(text: str) -> str:
    """Of teaching, as ISO 639-1. Raises Wrong."""
    found = _chosen(text, _LANGUAGES)
    if found is None:
        raise Wrong(FaultCode.CHOICE)
    return found


def words(text: str, longest: int = LONGEST_TEXT) -> str:
    if len(text) > longest:
        raise Wrong(FaultCode.TOO_LONG, longest)
    return text


_FORMULA = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|####*)|#+", re.IGNORECASE)
DASHES = frozenset({"-", "–", "—", "."})
NOTHING = DASHES | {"nėra", "n/d", "n/a", "null"}


def value(what: Field, text: str, order: DayOrder | None = None) -> str:
    """A cell in its one spelling. Raises Wrong."""
    if _FORMULA.fullmatch(text):
        raise Wrong(FaultCode.FORMULA)
    if text.startswith("'") and text[1:2] in "=+-@＝＋－＠":  # as core.workbooks keeps a text from being a formula
        text = text[1:]
    if what in DAYS:
        return day(text, order).isoformat()
    if what.value.endswith("first_name") or what.value.endswith("last_name"):
        return name(words(text))
    kept = _SPELLED.get(what)
    return kept(text) if kept else words(text, LONGEST.get(what, LONGEST_TEXT))


_SPELLED = {
    Field.PERSONAL_CODE: personal_code,
    Field.EMAIL: email,
    Field.G1_EMAIL: email,
    Field.G2_EMAIL: email,
    Field.PHONE: phone,
    Field.G1_PHONE: phone,
    Field.G2_PHONE: phone,
    Field.G1_RELATION: relation,
    Field.G2_RELATION: relation,
    Field.AGE_BAND: age_band,
    Field.PROGRAMME: programme,
    Field.LANGUAGE: language,
    Field.HOURS: hours,
    Field.PLACES: lambda text: number(text, 60),
}


def group_key(text: str) -> str:
    """By which a group's name is found: BORUŽIUKAI is „Boružiukai“, and „Boružiukų grupė“ is „Boružiukų“."""
    said = " ".join(word for word in plain(text).split() if word not in ("grupe", "gr", "group"))
    return said or text
