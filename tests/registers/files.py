"""Lists as a kindergarten's administrator would export them: children with guardians, employees, groups.

Made up, deterministic, with every Lithuanian letter, siblings, twins, double names, children without a second guardian.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from xlsxwriter import Workbook

from ediary.children.rules import check_digit

Cell = str | int | float | date | None

GIRLS = (
    "Austėja", "Emilija", "Gabija", "Ieva", "Kamilė", "Liepa", "Luknė", "Rugilė", "Saulė", "Smiltė", "Ugnė", "Urtė",
    "Vakarė", "Žemyna", "Čiurlė", "Ąžuolina", "Elzė", "Įva", "Šarūnė", "Ūla",
)  # fmt: skip
BOYS = (
    "Adomas", "Benas", "Dominykas", "Ąžuolas", "Gabrielius", "Herkus", "Jokūbas", "Jonas", "Kajus", "Lukas", "Matas",
    "Motiejus", "Nojus", "Pijus", "Simas", "Šarūnas", "Tauras", "Ūdrys", "Vėjas", "Žygimantas",
)  # fmt: skip
#: (father's, mother's, daughter's) last names
FAMILIES = (
    ("Kazlauskas", "Kazlauskienė", "Kazlauskaitė"), ("Petrauskas", "Petrauskienė", "Petrauskaitė"),
    ("Jankauskas", "Jankauskienė", "Jankauskaitė"), ("Stankevičius", "Stankevičienė", "Stankevičiūtė"),
    ("Žukauskas", "Žukauskienė", "Žukauskaitė"), ("Butkus", "Butkienė", "Butkutė"),
    ("Čepulis", "Čepulienė", "Čepulytė"),
    ("Šimkus", "Šimkienė", "Šimkutė"), ("Ūsas", "Ūsienė", "Ūsaitė"), ("Grigas", "Grigienė", "Grigaitė"),
    ("Navickas", "Navickienė", "Navickaitė"), ("Mockus", "Mockienė", "Mockutė"), ("Rimkus", "Rimkienė", "Rimkutė"),
    ("Žilinskas", "Žilinskienė", "Žilinskaitė"), ("Paulauskas", "Paulauskienė", "Paulauskaitė"),
    ("Vaitkus", "Vaitkienė", "Vaitkutė"), ("Urbonas", "Urbonienė", "Urbonaitė"),
    ("Balčiūnas", "Balčiūnienė", "Balčiūnaitė"),
    ("Šulcas", "Šulcienė", "Šulcaitė"), ("Gudaitis", "Gudaitienė", "Gudaitytė"), ("Ąžuolas", "Ąžuolienė", "Ąžuolaitė"),
    ("Įsrutis", "Įsrutienė", "Įsrutytė"), ("Ežerskis", "Ežerskienė", "Ežerskytė"),
    ("Kavaliauskas", "Kavaliauskė", "Kavaliauskaitė"),
)  # fmt: skip
GROUPS = (
    "Boružiukai", "Drugeliai", "Bitutės", "Pelėdžiukai", "Ežiukai", "Žiogeliai", "Nykštukai", "Saulutės", "Žvirbliukai",
    "Kačiukai", "Meškučiai", "Voveraitės", "Gandriukai", "Šaltinėlis", "Pumpurėliai",
)  # fmt: skip
POSITIONS = (
    "ikimokyklinio ugdymo mokytoja", "ikimokyklinio ugdymo mokytoja", "mokytojo padėjėja",
    "priešmokyklinio ugdymo mokytoja",
    "logopedė", "socialinė pedagogė", "meninio ugdymo mokytoja", "dietistė", "vyr. buhalterė",
    "raštinės administratorė",
    "direktoriaus pavaduotoja ugdymui", "visuomenės sveikatos specialistė",
)  # fmt: skip


@dataclass(frozen=True)
class ChildRow:
    """A child with up to two guardians, as a kindergarten knows them."""

    first_name: str
    last_name: str
    born: date
    code: str
    group: str
    address: str
    mother: tuple[str, str, str, str]
    father: tuple[str, str, str, str] | None


@dataclass(frozen=True)
class EmployeeRow:
    first_name: str
    last_name: str
    email: str
    phone: str
    position: str


def personal_code(born: date, *, girl: bool, serial: int) -> str:
    """A code with its check digit; of nobody."""
    ten = f"{6 if girl else 5}{born:%y%m%d}{serial % 1000:03d}"
    return ten + str(check_digit(ten))


def plain(text: str) -> str:
    """Letters of e-mail addresses."""
    return text.lower().translate(str.maketrans("ąčęėįšųūž", "aceeisuuz"))


def children(count: int = 300, *, groups: int = 15, seed: int = 1, year: int = 2026) -> list[ChildRow]:
    """Children of 2 to 6 years, by groups of their age; every tenth family has two here."""
    random = Random(seed)
    rows: list[ChildRow] = []
    for number in range(count):
        girl = random.random() < 0.5
        sibling = rows[-1] if rows and number % 10 == 9 else None
        father_last, mother_last, girl_last = FAMILIES[random.randrange(len(FAMILIES))]
        # one family name of some sixty: without a second part a thousand children would soon be one
        tail = (
            f"-{FAMILIES[random.randrange(len(FAMILIES))][2 if girl else 0]}"
            if count > 600 or random.random() < 0.1
            else ""
        )
        group = number * groups // count
        born = date(year - 6 + group * 5 // groups, 1, 1) + timedelta(days=random.randrange(365))
        last = (girl_last if girl else father_last) + tail
        mother = (random.choice(GIRLS), mother_last, f"8 6{random.randrange(10**7):07d}", "")
        father = (random.choice(BOYS), father_last, f"+3706{random.randrange(10**7):07d}", "")
        if sibling is not None:
            mother, father_known = sibling.mother, sibling.father
        else:
            mother = (*mother[:3], f"{plain(mother[0])}.{plain(mother_last)}{number}@example.lt")
            father_known = None if random.random() < 0.15 else (*father[:3], f"{plain(father[0])}{number}@example.lt")
        rows.append(
            ChildRow(
                random.choice(GIRLS if girl else BOYS) + (f" {random.choice(BOYS)}" if random.random() < 0.03 else ""),
                last,
                born,
                personal_code(born, girl=girl, serial=number),
                GROUPS[group % len(GROUPS)],
                f"Saulės g. {random.randrange(1, 90)}-{random.randrange(1, 60)}, Kupiškis",
                mother,
                father_known,
            )
        )
    return rows


def employees(count: int = 45, *, seed: int = 2) -> list[EmployeeRow]:
    random = Random(seed)
    rows = []
    for number in range(count):
        first, last = random.choice(GIRLS), FAMILIES[random.randrange(len(FAMILIES))][1]
        rows.append(
            EmployeeRow(
                first,
                last,
                f"{plain(first)}.{plain(last)}{number}@darzelis.example",
                f"+370 6{random.randrange(100):02d} {random.randrange(10**5):05d}",
                POSITIONS[number % len(POSITIONS)],
            )
        )
    return rows


# --- as tables ------------------------------------------------------------------------------------------------------

CHILD_HEADS = (
    "Eil. Nr.", "Pavardė, vardas", "Gimimo data", "Asmens kodas", "Lytis", "Grupė", "Gyvenamoji vieta",
    "Mamos vardas, pavardė", "Mamos tel.", "Mamos el. paštas", "Tėčio vardas, pavardė", "Tėčio tel.",
    "Tėčio el. paštas",
)  # fmt: skip
EMPLOYEE_HEADS = ("Nr.", "Darbuotojo vardas, pavardė", "Pareigos", "El. paštas", "Mob. tel.")
GROUP_HEADS = ("Grupės pavadinimas", "Amžius", "Programa", "Darbo laikas", "Ugdymo kalba", "Vietų skaičius")


def child_table(rows: Iterable[ChildRow], *, codes: bool = True) -> list[list[Cell]]:
    """With headings; a row as the register's export has it."""
    table: list[list[Cell]] = [list(CHILD_HEADS)]
    for number, row in enumerate(rows, start=1):
        father = row.father or ("", "", "", "")
        table.append(
            [
                number,
                f"{row.last_name} {row.first_name}",
                row.born,
                row.code if codes else "",
                "mot." if row.code[0] == "6" else "vyr.",
                row.group,
                row.address,
                f"{row.mother[0]} {row.mother[1]}",
                *row.mother[2:],
                f"{father[0]} {father[1]}".strip(),
                *father[2:],
            ]
        )
    return table


def employee_table(rows: Iterable[EmployeeRow]) -> list[list[Cell]]:
    table: list[list[Cell]] = [list(EMPLOYEE_HEADS)]
    table += [
        [number, f"{row.first_name} {row.last_name}", row.position, row.email, row.phone]
        for number, row in enumerate(rows, start=1)
    ]
    return table


def group_table(names: Sequence[str] = GROUPS) -> list[list[Cell]]:
    table: list[list[Cell]] = [list(GROUP_HEADS)]
    for place, name in enumerate(names):
        young = place * 5 // len(names) >= 4
        table.append(
            [
                name,
                "lopšelis, 2–3 m." if young else "darželis, 3–6 m.",
                "Priešmokyklinis" if place < 3 else "Ikimokyklinis",
                "7:30–18:00",
                "lietuvių",
                15 if young else 20,
            ]
        )
    return table


# --- as files -------------------------------------------------------------------------------------------------------


def as_csv(
    table: Iterable[Sequence[Cell]], *, separator: str = ";", encoding: str = "utf-8-sig", days: str = "%Y-%m-%d"
) -> bytes:
    """Separated text; `days` is the format of its days."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for row in table:
        writer.writerow(
            [cell.strftime(days) if isinstance(cell, date) else "" if cell is None else cell for cell in row]
        )
    return text.getvalue().encode(encoding)


def as_xlsx(
    table: Iterable[Sequence[Cell]], *, sheet: str = "Sąrašas", title: str = "", codes_as_numbers: bool = True
) -> bytes:
    """A workbook with days as days and personal codes as numbers, as people have them; `title` merged above."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    worksheet: Any = workbook.add_worksheet(sheet)
    day, bold = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_format({"bold": True})
    first = 0
    if title:
        worksheet.merge_range(0, 0, 0, 5, title, bold)
        first = 2
    for number, row in enumerate(table, start=first):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                worksheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, str) and codes_as_numbers and len(cell) == 11 and cell.isdigit():
                worksheet.write_number(number, column, int(cell))
            elif isinstance(cell, int | float):
                worksheet.write_number(number, column, cell)
            elif cell:
                worksheet.write_string(number, column, cell)
    workbook.close()
    return buffer.getvalue()
