"""Names for children who have only a number: Lithuanian, made up, the same every time, no two alike in a group."""

from __future__ import annotations

GIRLS = [
    "Austėja",
    "Emilija",
    "Liepa",
    "Lėja",
    "Sofija",
    "Amelija",
    "Gabija",
    "Ugnė",
    "Goda",
    "Elzė",
    "Kamilė",
    "Urtė",
    "Miglė",
    "Smiltė",
    "Rusnė",
    "Ieva",
    "Eglė",
    "Vakarė",
    "Saulė",
    "Elena",
    "Luknė",
    "Barbora",
    "Morta",
    "Adelė",
    "Ūla",
    "Žemyna",
    "Rugilė",
    "Skaistė",
    "Įvilė",
    "Audra",
]
BOYS = [
    "Lukas",
    "Jokūbas",
    "Benas",
    "Matas",
    "Dominykas",
    "Adomas",
    "Nojus",
    "Jonas",
    "Kajus",
    "Herkus",
    "Domas",
    "Dovydas",
    "Gustas",
    "Ąžuolas",
    "Markas",
    "Motiejus",
    "Pijus",
    "Simas",
    "Vilius",
    "Žygimantas",
    "Rokas",
    "Tadas",
    "Augustas",
    "Jurgis",
    "Mykolas",
    "Povilas",
    "Šarūnas",
    "Vainius",
    "Kęstutis",
    "Ėrikas",
]
#: a boy's form, a girl's form
SURNAMES = (
    ("Kazlauskas", "Kazlauskaitė"),
    ("Petrauskas", "Petrauskaitė"),
    ("Jankauskas", "Jankauskaitė"),
    ("Stankevičius", "Stankevičiūtė"),
    ("Vasiliauskas", "Vasiliauskaitė"),
    ("Žukauskas", "Žukauskaitė"),
    ("Butkus", "Butkutė"),
    ("Paulauskas", "Paulauskaitė"),
    ("Urbonas", "Urbonaitė"),
    ("Kavaliauskas", "Kavaliauskaitė"),
    ("Navickas", "Navickaitė"),
    ("Ramanauskas", "Ramanauskaitė"),
    ("Šimkus", "Šimkutė"),
    ("Čepulis", "Čepulytė"),
    ("Žilinskas", "Žilinskaitė"),
    ("Mickevičius", "Mickevičiūtė"),
    ("Rimkus", "Rimkutė"),
    ("Ąžuolas", "Ąžuolaitė"),
    ("Įsrutis", "Įsrutytė"),
    ("Ūsas", "Ūsaitė"),
    ("Grigas", "Grigaitė"),
    ("Vaitkus", "Vaitkutė"),
    ("Bielskis", "Bielskytė"),
    ("Mockus", "Mockutė"),
    ("Šulcas", "Šulcaitė"),
    ("Ambrazevičius", "Ambrazevičiūtė"),
    ("Žvirblis", "Žvirblytė"),
    ("Ėglis", "Ėglytė"),
    ("Narbutas", "Narbutaitė"),
)


def name_of(number: int, salt: int = 0) -> tuple[str, str]:
    """First and last name of a group's child by its number (0, 1, 2…); `salt` makes groups differ.

    All 1,740 names of one salt are different: the first 60 differ by the first name, the next by the surname.
    """
    turn, at = divmod(number, len(GIRLS) + len(BOYS))
    given, is_boy = divmod((at + salt * 7) % (len(GIRLS) + len(BOYS)), 2)
    surname = SURNAMES[(at * 11 + turn + salt * 3) % len(SURNAMES)]
    return (BOYS[given], surname[0]) if is_boy else (GIRLS[given], surname[1])
