"""People come and go: a substitute's last minute, a child between two kindergartens, a tablet shared by colleagues."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import Hand, House, server_over
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("coming and going")]

OpenPage = Callable[..., Page]
TODAY, TOMORROW = "2026-11-23", "2026-11-24"
MORNING, EVENING = f"{TODAY}T06:10:00+00:00", f"{TODAY}T21:40:00+00:00"
#: so that a server that is slow to start still answers before midnight
LAST_MINUTE = f"{TODAY}T21:59:40+00:00"
#: who wrote what of the children's day, from which kind of device, oldest first
WRITTEN = "SELECT user_id, device, child_id FROM core_audit_entry WHERE table_name = 'attendance_child_day' ORDER BY id"


@pytest.fixture
def house(cast_database: tuple[Path, Cast], tmp_path: Path) -> Iterator[House]:
    path, cast = cast_database
    running = server_over(path, tmp_path / "instance", MORNING, workers=1)
    running.start()
    try:
        yield House(running, cast)
    finally:
        running.kill()


@pytest.fixture
def come_in(house: House, open_page: OpenPage) -> Callable[..., Hand]:
    def come(login: str, device: str = "desktop") -> Hand:
        page = open_page(device)
        house.log_in(page, login)
        return Hand(page)

    return come


ComeIn = Callable[..., Hand]


def test_a_substitutes_access_dies_at_midnight(house: House, come_in: ComeIn) -> None:
    cast, group = house.cast, f"{house.server.url}/attendance/{TODAY}/{house.cast.boruziukai}"
    first, second = cast.children["Boružiukai"][:2]

    # late, in a house that locks its day late: by order until tonight, and at work at once
    house.sql("UPDATE core_lock_rule SET day_locks_at = '23:50:00'")
    house.move_clock(EVENING)
    aldona = come_in("aldona")
    aldona.page.goto(f"{house.server.url}/handovers/new")
    aldona.choose(aldona.page.get_by_label("Ką pavaduoja"), "Rasa Petraitienė, Boružiukai")
    aldona.choose(aldona.page.get_by_label("Kas pavaduoja"), "Tomas Gudaitis, mokytojas")
    aldona.write("Iki", TODAY)
    aldona.write("Įsakymo Nr.", "V-41")
    aldona.write("Įsakymas pasirašytas", "2026-11-20")
    aldona.go_on()
    expect(aldona.page.get_by_text("Tomas Gudaitis").first).to_be_visible()
    tomas = come_in("tomas")
    page = tomas.page
    tomas.press(re.compile("^Boružiukai"))
    for child in (first, second):
        page.click(f"#name-{child}")
        expect(page.locator(f"#child-{child}.kid-absent")).to_be_visible()
    page.select_option(f"#reason-{first}", label="l · Liga")
    expect(page.locator(f"#child-{first}.kid-excused")).to_be_visible()
    before = house.sql(WRITTEN)
    assert before == [(cast.users["tomas"], "desktop", child) for child in (first, second, first)]

    # opened at 23:59, tapped on the other side of midnight
    house.move_clock(LAST_MINUTE)
    page.reload()
    expect(page.locator(f"#reason-{second}")).to_be_visible()
    expect(page.locator("#yesterday")).to_be_visible(timeout=30_000)
    page.select_option(f"#reason-{second}", label="l · Liga")
    expect(page.locator("#toasts")).to_contain_text(f"baigėsi {TODAY}")
    expect(page.locator(f"#reason-{second}")).to_have_value("")  # shows what is written, not what was wished
    page.goto(group)
    expect(page.get_by_role("main")).to_contain_text(f"baigėsi {TODAY}")
    assert house.sql(WRITTEN) == before


def test_a_child_moves_between_two_kindergartens(house: House, come_in: ComeIn, tmp_path: Path) -> None:
    url = house.server.url

    # Saulutė: leaving by order, the report, the letter with its code
    milda = come_in("milda")
    milda.page.goto(f"{url}/children/")
    milda.press("Adomas Žukauskas")
    milda.press("Išvyksta")
    milda.write("Paskutinė diena", TODAY)
    milda.choose(milda.page.get_by_label("Kodėl"), "į kitą darželį")
    milda.write("Įsakymo Nr.", "P-14")
    milda.write("Įsakymas pasirašytas", "2026-11-20")
    milda.go_on()
    assert "Pažyma apie išvykstantį vaiką" in milda.paper("Išvykimo pažyma (PDF)", tmp_path)
    letter = milda.paper("Įrašyti į bendrą sąrašą ir spausdinti laišką (PDF)", tmp_path)
    found = re.search(r"\b[A-Z]{4}(-[A-Z]{4}){3}\b", letter)
    assert found, letter

    # Ežerėlis: the director makes a secretary, who takes the child in by the family's code
    ona = come_in("ona")
    ona.page.goto(f"{url}/people/")
    ona.press(re.compile("^Asta Vandenytė"))
    roles = ona.page.get_by_role("region", name="Vaidmenys dienyne")
    ona.touches += 1
    roles.locator("summary", has_text="Suteikti vaidmenį").click()
    ona.tick(roles.get_by_label("raštvedė"))
    roles.get_by_role("button", name="Suteikti vaidmenį").click()
    asta = come_in("asta")
    asta.press(re.compile("^Raštvedė"), asta.page.get_by_role("main"))
    expect(asta.page).not_to_have_url(re.compile("/roles"))
    asta.page.goto(f"{url}/transfers/offers")
    asta.press(re.compile("^Adomas Žukauskas gimimo metai 2022"))
    asta.write("Šeimos kodas", found[0].replace("-", " ").lower())
    asta.write("Lankys nuo", TOMORROW)
    asta.write("Įsakymo Nr.", "A-3")
    asta.write("Įsakymas pasirašytas", TODAY)
    asta.go_on()
    expect(asta.page.get_by_role("heading", name="Paklauskite šeimos iš naujo")).to_be_visible()
    asta.press("Atverti kortelę")
    expect(asta.page.get_by_role("region", name="Tėvai (globėjai)")).to_contain_text("Greta Žukauskienė")

    # the old kindergarten keeps its own past
    milda.page.goto(f"{url}/transfers/")
    expect(milda.page.get_by_role("row", name="Adomas Žukauskas")).to_contain_text(f"Priimtas kitur {TODAY}")

    # his mother: one log-in, both kindergartens in the switch
    greta = come_in("greta", "phone")
    seats = greta.page.get_by_role("main")
    expect(seats).to_contain_text("Saulutė")
    greta.press(re.compile("Ežerėlis"), seats)
    greta.page.locator(".me > summary").click()
    expect(greta.page.locator(".me-card .hint").first).to_contain_text("Ežerėlis")
    expect(greta.page.locator(".me-card").get_by_role("button", name=re.compile("Saulutė"))).to_be_visible()


def set_pin(hand: Hand, house: House, pin: str) -> None:
    """A person's own number, on their own device."""
    hand.page.goto(f"{house.server.url}/accounts/pin")
    hand.write("PIN kodas", pin)
    hand.write("Dar kartą tą patį", pin)
    hand.write("Slaptažodis", house.cast.password)
    hand.press("Išsaugoti PIN kodą")
    expect(hand.page.locator("#toasts")).to_contain_text("PIN kodas išsaugotas")


def act_as(hand: Hand, name: str, pin: str) -> None:
    """Choose oneself at the tablet, and tap the number."""
    expect(hand.page.get_by_role("heading", name="Kas prie planšetės?")).to_be_visible()
    hand.press(re.compile(f"^{name}"))
    for digit in pin:
        hand.press(digit)
    hand.press("Įeiti")


def test_a_groups_tablet_is_shared_by_colleagues(house: House, come_in: ComeIn, open_page: OpenPage) -> None:
    cast = house.cast
    for login, pin in (("rasa", "7391"), ("tomas", "8264")):
        set_pin(come_in(login), house, pin)
    aldona = come_in("aldona")
    aldona.page.goto(f"{house.server.url}/tablets/")
    aldona.write("Planšetės pavadinimas", "Pirmo aukšto planšetė")
    for name in ("Boružiukai", "Drugeliai"):
        aldona.tick(aldona.page.get_by_label(name))
    aldona.go_on()
    code = aldona.page.locator(".big-code").inner_text()
    address = aldona.page.get_by_text("/tablets/pair").inner_text()

    # on the tablet: paired once by the code
    tablet = Hand(open_page("tablet"))
    tablet.page.goto(address)
    tablet.write("Kodas", code.lower())
    tablet.press("Susieti")

    # Rasa taps her number and is at her group's day
    act_as(tablet, "Rasa Petraitienė", "7391")
    expect(tablet.page.get_by_role("heading", name="Boružiukai")).to_be_visible()
    hers, his = cast.children["Boružiukai"][0], cast.children["Drugeliai"][0]
    tablet.page.tap(f"#name-{hers}")
    expect(tablet.page.locator(f"#child-{hers}.kid-absent")).to_be_visible()
    day = tablet.page.url

    # she leaves; the next is asked, and her page opens to nobody
    tablet.page.locator(".me > summary").click()
    tablet.press("Atsijungti")
    expect(tablet.page.get_by_role("heading", name="Kas prie planšetės?")).to_be_visible()
    tablet.page.goto(day)
    expect(tablet.page.get_by_role("heading", name="Kas prie planšetės?")).to_be_visible()

    # Tomas has his own number: hers opens nothing for him
    act_as(tablet, "Tomas Gudaitis", "7391")
    expect(tablet.page.get_by_role("alert")).to_be_visible()
    tablet.page.goto(re.sub("/doors/.*", "/doors", tablet.page.url))
    act_as(tablet, "Tomas Gudaitis", "8264")
    expect(tablet.page.get_by_role("heading", name="Drugeliai")).to_be_visible()
    tablet.page.tap(f"#name-{his}")
    expect(tablet.page.locator(f"#child-{his}.kid-absent")).to_be_visible()
    assert house.sql(WRITTEN) == [(cast.users["rasa"], "tablet", hers), (cast.users["tomas"], "tablet", his)]
