"""A page costs the same with thirty children as with three, and after ten years of diary as after one."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.diary import DAY, MORNING, PASSWORD, Diary, write_diary
from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.passwords import hash_password
from ediary.core import clock
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests.conftest import count_queries, csrf_of, fresh_database, without_database

pytestmark = pytest.mark.xdist_group("statements")

#: every page that lists, with the most statements it may take, log-in and frame among them
PAGES = {
    "/absences/reasons": 3,
    "/absences/reasons/new": 4,
    "/attendance/{day}/{group}": 6,
    "/attendance/{day}/{group}/changes": 5,
    "/attendance/{day}/{group}/announcements": 7,
    "/kitchen/{day}": 22,
    "/kitchen/{day}/live": 21,
    "/kitchen/{day}/lock": 22,
    "/kitchen/{day}/unlock": 22,
    "/people/": 5,
    "/documents/": 4,
    "/notices/": 3,
    "/settings/": 13,
    "/settings/age-bands": 5,
    "/acts/": 6,
    "/acts/open/2026-11": 7,
    "/sheets/2026-11/{group}/differences": 14,
    "/sheets/2026-11": 21,
    "/sheets/2026-11/{group}": 19,
    "/children/": 3,
    "/children/?stay=gone": 3,
    "/children/birthdays/{day}": 3,
    "/children/no-access": 3,
    "/cards/{child}": 24,
    "/cards/new": 6,
    "/cards/payer-codes?show=all": 3,
    "/groups/": 9,
    "/groups/{group}": 10,
    "/groups/{group}/visits/new": 7,
    "/handovers/": 4,
    "/handovers/new": 5,
    "/handovers/{day}/{group}/card": 16,
    "/handovers/hours/2026-11?all=1": 7,
    "/years/2027": 13,
    "/analysis/?first=2026-10&last=2026-11": 42,
    "/outages/": 6,
    "/outages/{day}/{group}": 9,
    "/supervision/2026-11": 36,
    "/supervision/late/2026": 10,
    "/supervision/remarks": 5,
    "/workdays/2026": 7,
    "/workdays/closures/new": 6,
    "/workdays/deadlines": 6,
}


#: on these an administrator of a new institution sees its first steps: two statements until all are taken
STEPS_STAND_ON = {
    "/absences/reasons",
    "/people/",
    "/children/",
    "/children/?stay=gone",
    "/children/no-access",
    "/workdays/deadlines",
}
FOR_STEPS = 2


@pytest.fixture(scope="session")
def counts(application: Flask) -> dict[str, dict[str, list[str]]]:
    """diary -> page -> its statements, seen by one who may open it."""
    found = {}
    for name, years, groups, size in (("small", 1, 1, 3), ("large", 1, 4, 30), ("old", 10, 1, 3)):
        without_database(application)
        with fresh_database(application):
            diary = write_diary(application, years, groups_a_year=groups, size=size, month=DAY.month)
            found[name] = _count(application, diary)
    return found


def _count(app: Flask, diary: Diary) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for role in (Role.DIETITIAN, Role.DIRECTOR, Role.ADMINISTRATOR):
        with clock.frozen(MORNING):
            client = _log_in(app, diary, role)
            for page in PAGES:
                group = diary.groups[-1]
                url = page.format(day=DAY, group=group, child=diary.kids[group][0])
                client.get(url)
                with count_queries() as seen:
                    status = client.get(url).status_code
                if status == 200:
                    found[page] = list(seen)
    return found


def _log_in(app: Flask, diary: Diary, role: Role) -> FlaskClient:
    with app.app_context(), acting_for(diary.institution_id):
        password_hash = hash_password(PASSWORD)
        with write_transaction():
            user = credentials.add_user(role.value, "Jonas", "Jonaitis", password_hash)
            accounts.add_membership(user.id, diary.institution_id, role, DAY)
    client = app.test_client()
    form = {"login": role.value, "password": PASSWORD, "csrf_token": csrf_of(client, "/accounts/login")}
    assert client.post("/accounts/login", data=form).status_code == 303
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("other", ["large", "old"])
def test_a_page_takes_as_many_statements_however_much_there_is(
    counts: dict[str, dict[str, list[str]]], page: str, other: str
) -> None:
    small, much = counts["small"][page], counts[other][page]
    at_most = PAGES[page] + (FOR_STEPS if page in STEPS_STAND_ON else 0)
    assert len(small) == len(much) <= at_most, "\n".join(much)
