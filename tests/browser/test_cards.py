"""A child's card in a browser: sections change in place, focus stays where one is, codes are shown on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage, prepare, stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("cards")]

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("cards")
    with stage(folder, prepare(folder)) as running:
        yield running


def opened(scene: Stage, open_page: OpenPage, login: str, path: str, device: str = "tablet") -> Page:
    page = open_page(device)
    scene.log_in(page, login)
    scene.show(page, path)
    return page


def stays(page: Page) -> Callable[[], bool]:
    """Is it still the page that was opened, not another one loaded in its place?"""
    page.evaluate("window.kept = true")
    return lambda: bool(page.evaluate("window.kept === true"))


def test_an_educator_adds_a_parent_in_place(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "rasa", "/cards/9")
    same = stays(page)
    page.locator("#guardians .part-head a").tap()
    expect(page.locator("#relation")).to_be_focused()
    page.get_by_role("button", name="Pridėti").tap()
    expect(page.locator("#guardians .field-error").first).to_be_visible()
    page.fill("#first_name", "Petras")
    page.fill("#last_name", "Naujokas")
    page.fill("#phone", "+370 600 99 999")
    page.get_by_role("button", name="Pridėti").tap()
    expect(page.locator('a[href="tel:+37060099999"]')).to_be_visible()
    expect(page.locator("#guardians form")).to_have_count(0)
    assert same()


def change_particulars(page: Page, address: str) -> None:
    """The section's form, once its first field has the focus: what is typed before that goes into the wrong one."""
    page.locator("#particulars .part-head a").tap()
    expect(page.locator("#first_name")).to_be_focused()
    page.fill("#address", address)


def test_cancelling_puts_the_section_back(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "rasa", "/cards/10")
    before = page.locator("#particulars").inner_text()
    change_particulars(page, "Niekur 1")
    page.get_by_text("Atšaukti").tap()
    expect(page.locator("#particulars form")).to_have_count(0)
    assert page.locator("#particulars").inner_text() == before


def test_a_change_from_two_tablets_is_not_written_over(scene: Stage, open_page: OpenPage) -> None:
    one, other = (opened(scene, open_page, "rasa", "/cards/12") for _ in range(2))
    for page, address in ((one, "Pirma g. 1"), (other, "Antra g. 2")):
        change_particulars(page, address)
    for page in (one, other):
        page.locator("#particulars button.btn-go").tap()
        expect(page.locator("#particulars")).to_contain_text("Pirma g. 1")
    expect(other.locator(".toast")).to_contain_text("pakeitė kitas žmogus")


def test_needs_are_opened_and_changed_without_leaving_the_card(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "rasa", "/cards/13")
    same = stays(page)
    page.locator("#needs").get_by_role("button").tap()
    page.locator("#needs summary").tap()
    page.fill("#must_not_eat", "braškių")
    page.locator("#needs button.btn-go").tap()
    expect(page.locator("#needs")).to_contain_text("Rodoma atvėrus")  # closed again
    page.locator("#needs").get_by_role("button").tap()
    expect(page.locator("#needs")).to_contain_text("braškių")
    assert same()


def test_a_personal_code_is_shown_on_request_only(scene: Stage, open_page: OpenPage) -> None:
    aldona = opened(scene, open_page, "aldona", "/cards/14", "desktop")
    aldona.locator("#codes .somebody-do a").first.click()
    aldona.fill("#code", "AB1234567")
    aldona.locator("#codes button.btn-go").click()
    expect(aldona.locator("#code-error")).to_contain_text("užsieniečio")
    aldona.fill("#code", "AB1234567")
    aldona.check("#is_foreign")
    aldona.locator("#codes button.btn-go").click()
    expect(aldona.locator("#codes")).to_contain_text("įrašytas, nerodomas")
    jonas = opened(scene, open_page, "jonas", "/cards/14", "desktop")
    assert "AB1234567" not in jonas.content()
    jonas.get_by_role("button", name="Rodyti kodą").click()
    expect(jonas.locator("#codes")).to_contain_text("AB1234567")
    expect(jonas.locator("#codes")).to_contain_text("Rodyta 1 kartą")
    jonas.reload()
    assert "AB1234567" not in jonas.content()


def test_the_accountant_writes_codes_one_after_another_by_keyboard(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "vilma", "/cards/payer-codes", "desktop")
    fields = page.locator(".payer input[name=code]")
    fields.nth(0).focus()
    page.keyboard.type("90001")
    page.keyboard.press("Tab")  # leaving the field writes it
    expect(page.locator(".payer").nth(0)).to_contain_text("įrašyta")
    page.keyboard.press("Tab")
    page.keyboard.type("90001")
    page.keyboard.press("Enter")
    expect(page.locator(".payer").nth(1)).to_contain_text("Tokį kodą jau turi kitas vaikas")
    expect(fields.nth(1)).to_be_focused()


def test_a_list_is_narrowed_while_one_types(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "jonas", "/children/", "desktop")
    same = stays(page)
    page.locator("input[name=q]").press_sequentially("zuk")
    expect(page.locator("#list .list-count")).to_contain_text("iš 220")
    expect(page.locator("input[name=q]")).to_be_focused()
    assert "q=zuk" in page.url
    assert same()


def test_without_scripts_a_card_is_kept_too(scene: Stage, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("tablet", java_script_enabled=False)
    page.goto(f"{scene.url}/accounts/login")
    page.fill("#login", "rasa")
    page.fill("#password", scene.passwords["rasa"])
    page.locator("form.card button").first.click()
    page.goto(f"{scene.url}/cards/15")
    page.locator("#collectors .part-head a").click()
    page.fill("#first_name", "Marija")
    page.fill("#last_name", "Kaimynė")
    page.locator("#collectors #relation").fill("kaimynė")
    page.locator("#collectors button.btn-go").click()
    expect(page.locator("#collectors")).to_contain_text("Marija Kaimynė, kaimynė")
    assert page.url.endswith("/cards/15#collectors")


def test_a_file_that_is_too_large_is_not_sent_and_that_is_said(scene: Stage, open_page: OpenPage) -> None:
    page = opened(scene, open_page, "rasa", "/cards/9/files/new")
    field = page.locator("input[type=file]")
    field.set_input_files(
        {"name": "didelis.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * 11_000_000}
    )
    assert "iki 10 MB" in field.evaluate("field => field.validationMessage")
    field.set_input_files({"name": "mažas.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 %%EOF"})
    assert field.evaluate("field => field.validationMessage") == ""
