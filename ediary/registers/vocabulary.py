"""What people call the columns of their lists, in Lithuanian and English, without case, marks and punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from ediary.registers.rules import Field, Kind


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Letters and digits without case and marks, words with one blank between: „El. paštas“ -> `el pastas`."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def masked(text: str) -> str:
    """The text with dots for what looks like a personal code: none is shown where its showing is not on record."""
    return _CODE.sub("•" * 11, text)


_CODE = re.compile(r"(?<!\d)[1-6]\d{2}[\s-]?\d{4}[\s-]?\d{4}(?!\d)")


def spellings(text: str) -> frozenset[str]:
    """„El. paštas|e-mail“ as `plain` makes them."""
    return frozenset(plain(one) for one in text.split("|"))


FIRST = spellings("vardas|vardai|first name|firstname|given name|given names|forename|name first")
LAST = spellings("pavardė|last name|lastname|surname|family name|name last")
FIRST_LAST = spellings(
    "vardas pavardė|vardas ir pavardė|vardas, pavardė|v., pavardė|v. pavardė|v. p.|name surname|name and surname|"
    "first and last name|first name last name|first name, last name|full name|name, surname|vardas (-ai) pavardė"
)
LAST_FIRST = spellings(
    "pavardė vardas|pavardė ir vardas|pavardė, vardas|pavardė v.|surname name|surname and name|surname, name|"
    "last name first name|last name, first name|last and first name|pavardė, vardas (-ai)"
)
PHONE = spellings(
    "telefonas|telefonai|telefono nr|telefono numeris|tel|tel nr|tel numeris|mob|mob tel|mob telefonas|mobilus|"
    "mobilus telefonas|mobilusis telefonas|mobiliojo telefono numeris|mobilaus telefono numeris|mobilaus tel nr|"
    "phone|phone number|telephone|mobile|mobile phone|kontaktinis telefonas|kontaktinis tel|"
    "kontaktai tel|tel. nr. kontaktinis"
)
EMAIL = spellings(
    "el. paštas|el. p.|el. pašto adresas|elektroninis paštas|elektroninio pašto adresas|e. paštas|e paštas|e-mail|"
    "email|mail|e-mail address|email address|el paštas kontaktinis|kontaktinis el. paštas|paštas"
)

CHILD: Mapping[Field, frozenset[str]] = {
    Field.FIRST_NAME: FIRST,
    Field.LAST_NAME: LAST,
    Field.BIRTH_DATE: spellings(
        "gimimo data|gim. data|gim. d.|gimimo diena|gimė|gimimo metai|gimimo m|data gimimo|birth date|birthdate|"
        "date of birth|birthday|dob|born|gimtadienis"
    ),
    Field.PERSONAL_CODE: spellings(
        "asmens kodas|asm. kodas|asm. k.|a. k.|ak|asmens k|asmens kodo nr|personal code|personal id|"
        "personal identification code|national id|personal number"
    ),
    Field.GROUP: spellings(
        "grupė|grupės|grupės pavadinimas|grupė pavadinimas|group|group name|klasė|klasė grupė|klasė (grupė)|"
        "ugdymo grupė|lankoma grupė|darželio grupė|class"
    ),
    Field.SINCE: spellings(
        "priėmimo data|priimtas|priimta|priimtas nuo|atvykimo data|atvyko|lanko nuo|lankyti pradeda|lankymo pradžia|"
        "ugdymo pradžia|mokosi nuo|ugdomas nuo|grupėje nuo|nuo|pradžios data|sutarties pradžia|mokymosi pradžios data|"
        "start date|from|since|enrolled|enrolled from|enrolment date|admission date"
    ),
    Field.ADDRESS: spellings(
        "adresas|gyvenamoji vieta|gyvenamosios vietos adresas|namų adresas|gyv. vieta|gyv. adresas|"
        "deklaruota gyvenamoji vieta|deklaruotas adresas|faktinis adresas|faktinė gyvenamoji vieta|address|home address"
    ),
    Field.LANGUAGES: spellings(
        "kalba|kalbos|gimtoji kalba|namų kalba|namų kalbos|namuose kalbama|namuose kalba|kalba namuose|šeimos kalba|"
        "bendravimo kalba|language|languages|native language|home language|mother tongue|language at home"
    ),
}
EMPLOYEE: Mapping[Field, frozenset[str]] = {
    Field.FIRST_NAME: FIRST,
    Field.LAST_NAME: LAST,
    Field.EMAIL: EMAIL,
    Field.PHONE: PHONE,
    Field.POSITION: spellings(
        "pareigos|pareigybė|pareigų pavadinimas|etatas|pozicija|specialybė|dirba kaip|position|job|job title|title|post"
    ),
    Field.SINCE: spellings(
        "dirba nuo|įdarbinimo data|priėmimo data|priimtas|priimta|darbo pradžia|darbo sutarties pradžia|"
        "sutarties pradžia|nuo|pradžios data|start date|from|since|employed from|hired"
    ),
}
GROUP: Mapping[Field, frozenset[str]] = {
    Field.TITLE: spellings("pavadinimas|grupė|grupės|grupės pavadinimas|grupė pavadinimas|name|group|group name|title"),
    Field.AGE_BAND: spellings(
        "amžius|amžiaus grupė|vaikų amžius|tipas|grupės tipas|grupės amžius|lopšelis darželis|rūšis|age|age band|"
        "age group|type|kind"
    ),
    Field.PROGRAMME: spellings("programa|ugdymo programa|ugdymas|programme|program|curriculum|ugdymo rūšis"),
    Field.HOURS: spellings(
        "valandos|valandos per dieną|darbo laikas|val. per dieną|valandų per dieną|valandų skaičius|trukmė|"
        "grupės trukmė|darbo valandos|"
        "buvimo trukmė|hours|hours a day|hours per day|opening hours|val"
    ),
    Field.LANGUAGE: spellings("kalba|ugdymo kalba|mokymo kalba|ugdomoji kalba|language|language of teaching"),
    Field.ROOM: spellings("patalpa|kabinetas|patalpos nr|kab|kambarys|vieta|korpusas|room|place"),
    Field.KITCHEN: spellings("virtuvė|kitchen|maisto blokas"),
    Field.PLACES: spellings(
        "vietų skaičius|vietos|vietų|vietų sk|maksimalus vaikų skaičius|didžiausias vaikų skaičius|talpa|places|"
        "capacity|number of places"
    ),
}
TABLE = {Kind.CHILDREN: CHILD, Kind.EMPLOYEES: EMPLOYEE, Kind.GROUPS: GROUP}

#: said of everybody in the list: „Vaiko vardas“, „Mokinio gimimo data“
OF_THE_LIST = {
    Kind.CHILDREN: spellings("vaiko|vaiku|mokinio|ugdytinio|auklėtinio|child|childs|children|pupil|pupils|student|s"),
    Kind.EMPLOYEES: spellings(
        "darbuotojo|darbuotoju|mokytojo|pedagogo|employee|employees|staff|teacher|s|darbo|darbinis"
    ),
    Kind.GROUPS: frozenset({"group", "s"}),
}
#: a heading that is nothing but who: a name in one column, in an order it does not say
WHO_ALONE = {
    Kind.CHILDREN: spellings("vaikas|mokinys|ugdytinis|auklėtinis|child|pupil|name|student|vaiko vardas pavardė"),
    Kind.EMPLOYEES: spellings("darbuotojas|mokytojas|pedagogas|employee|name|teacher"),
    Kind.GROUPS: frozenset(),
}

MOTHER = spellings("mama|mamos|mamytes|motina|motinos|mother|mothers|mom")
FATHER = spellings("tetis|tecio|tevelio|tevas|tevo|father|fathers|dad")
GUARDIAN = spellings(
    "globejas|globejo|globeja|globejos|globejai|globeju|rupintojas|rupintojo|tevai|tevu|tevelis|tevam|teveliu|"
    "atstovas|atstovo|guardian|guardians|parent|parents"
)
FILLERS = spellings(
    "ar|arba|ir|s|is|su|or|and|vienas|vienam|istatyminis|istatyminio|kontaktinis|kontaktai|vieno|kito|asmens"
)
NUMBERS = {"1": 0, "i": 0, "pirmas": 0, "pirmo": 0, "pirmojo": 0, "first": 0, "2": 1, "ii": 1, "antras": 1, "antro": 1}
NUMBERS |= {"antrojo": 1, "second": 1, "1st": 0, "2nd": 1}
RELATION = spellings(
    "ryšys|ryšys su vaiku|giminystė|giminystės ryšys|santykis su vaiku|relation|relationship|kas|statusas"
)
