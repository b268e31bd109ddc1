"""Whose rows are one person's: a mother of two is entered at each child."""

from __future__ import annotations

import pytest

from ediary.slips.rules import Relative, rows_of, same_person

ONE = Relative(1, "Rūta Žukauskienė", "ruta@pastas.lt", "+370 612 34567", None)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Relative(2, "Rūta Žukauskienė", "RUTA@pastas.lt", "", None), True),
        (Relative(2, "RUTA ZUKAUSKIENE", "", "861234567", None), True),
        (Relative(2, "Rūta Žukauskienė", "", "", None), False),
        (Relative(2, "Rūta Žukauskienė", "kita@pastas.lt", "+370 699 99999", None), False),
        (Relative(2, "Jonas Žukauskas", "ruta@pastas.lt", "+370 612 34567", None), False),
    ],
    ids=["same e-mail", "same telephone", "nothing to go by", "a namesake", "the father"],
)
def test_a_person_is_known_by_name_and_e_mail_or_telephone(other: Relative, same: bool) -> None:
    assert same_person(ONE, other) is same
    assert same_person(other, ONE) is same


def test_whoever_goes_in_with_another_log_in_is_left_alone() -> None:
    mine = Relative(2, ONE.name, ONE.email, "", 7)
    another = Relative(3, ONE.name, ONE.email, "", 8)
    assert [row.id for row in rows_of(ONE, [ONE, mine])] == [1, 2]
    assert [row.id for row in rows_of(mine, [ONE, mine, another])] == [1, 2]
