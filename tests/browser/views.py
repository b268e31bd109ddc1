"""Every page worth a look, with what is done on it first; look.py takes its picture, test_look.py walks through it."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.stage import MONDAY, Stage
from tests.registers import files

MONTH = f"{MONDAY:%Y-%m}"


@dataclass(frozen=True)
class View:
    """A page: its picture's name, who looks (nobody = logged out), the address, what is done there first."""

    name: str
    login: str
    path: str
    act: Callable[[Page], None] | None = None


def tap_in_vain(page: Page) -> None:
    """A tap while the network is away."""
    page.route("**/children/*", lambda route: route.abort())
    page.locator(".kid-unmarked .kid-name").nth(1).click()
    page.wait_for_selector(".kid.fail")


def open_menu(page: Page) -> None:
    page.click(".me > summary")


def print_and_check(page: Page) -> None:
    """Print the morning's report and look its digits up."""
    here = page.url.partition("/history")[0]
    report = page.request.get(f"{here}/kitchen/{MONDAY}/daily-report.pdf").body()
    text = " ".join(PdfReader(io.BytesIO(report)).pages[0].extract_text().split())
    code = re.search(r"Patikrai: ([0-9a-f ]{14})", text)
    assert code, text
    page.fill("#code", code[1])
    page.click(".ask button")
    page.wait_for_selector(".checked")


def wrong_password(page: Page) -> None:
    page.fill("#login", "rasa")
    page.fill("#password", "ne tas")
    page.click("form.card button")
    page.wait_for_selector("[role=alert]")


def see_what_it_does(page: Page) -> None:
    """A closure of the first week of December, not confirmed."""
    for field, value in {"first": "2026-12-01", "last": "2026-12-04", "reason": "Remontas"}.items():
        page.fill(f"#{field}", value)
    page.click(".bar .btn-go")
    page.wait_for_selector("#effect")


def too_late(page: Page) -> None:
    """A tap after the lock from a page without scripts."""
    page.evaluate(
        """() => {
            const form = document.querySelector("form.kid-present");
            for (const [name, value] of [["wanted", "absent"], ["seen", "present"]])
                form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
            form.submit();
        }"""
    )
    page.wait_for_selector(".empty h1")


def change_meals(page: Page) -> None:
    page.click("#meals .part-head a")
    page.wait_for_selector("#meals form")


def open_needs(page: Page) -> None:
    page.click("#needs button")
    page.wait_for_selector("#needs .card-facts")


def wrong_code(page: Page) -> None:
    """A personal code typed with a wrong last digit."""
    page.click("#codes .somebody-do a")
    page.fill("#code", "52203140011")
    page.click("#codes .btn-go")
    page.wait_for_selector("#code-error")


def end_a_role(page: Page) -> None:
    page.click(".act > summary")


def give_a_role(page: Page) -> None:
    page.locator(".unfold > summary").first.click()


def send_list(page: Page) -> None:
    """A list of children with a day that may be two days, with faults, with a group that is not there yet."""
    rows = files.child_table(files.children(12, groups=3, seed=7), codes=False)
    for row in rows[1:]:
        row[2] = f"{row[2]:%d/%m/%Y}"
    rows[3][2], rows[5][9], rows[6][5] = "31/02/2021", "ne paštas", "Ežiukai"
    content = files.as_csv(rows, encoding="cp1257")
    page.set_input_files("#file", {"name": "vaikai.csv", "mimeType": "text/csv", "buffer": content})
    page.click(".bar .btn-go")
    page.wait_for_selector(".columns")


def compare_list(page: Page) -> None:
    send_list(page)
    page.check("[name='days-2'][value='day_first']")
    page.click(".bar .btn-go")
    page.wait_for_selector(".parts")


def leave_list(page: Page) -> None:
    """A list that was compared and not written."""
    compare_list(page)
    page.locator(".bar .btn-quiet").first.click()
    page.locator(".history tbody th a").first.click()
    page.wait_for_selector(".told")


def enter_paper(page: Page) -> None:
    """A note for two days, then one whose days are the wrong way round."""
    for last in ("2026-11-18", "2026-11-16"):
        page.select_option("#kind", "note")
        page.fill("#first", "2026-11-17")
        page.fill("#last", last)
        page.click("#new .btn-go")
        page.wait_for_selector(".paper" if last > "2026-11-17" else "#last-error")


def open_rule(page: Page) -> None:
    page.locator("#rule > summary").scroll_into_view_if_needed()


def ask_help(page: Page) -> None:
    """The help beside the page, open."""
    page.click(".help-link")
    page.wait_for_selector("dialog[open] .topic")


def unfold_help(page: Page) -> None:
    """Help before anybody is known."""
    page.click(".enter-help > summary")


def with_slip(scene: Stage) -> Callable[[Page], None]:
    """A family's first time here, its code typed."""

    def act(page: Page) -> None:
        page.fill("#code", scene.more["slip"])
        page.click("form.card .btn-go")
        page.wait_for_selector("#password")

    return act


def on_tablet(scene: Stage, somebody: str = "") -> Callable[[Page], None]:
    """The group's shared tablet, before anybody acts."""

    def act(page: Page) -> None:
        page.context.add_cookies([{"name": "ediary-tablet", "value": scene.more["tablet"], "url": scene.url}])
        page.goto(f"{scene.url}/tablets/doors")
        if somebody:
            page.get_by_role("link", name=somebody).click()
            page.wait_for_selector("#pin")

    return act


def fault_of(scene: Stage) -> Callable[[Page], None]:
    """A page whose table is not there."""

    def rename(old: str, new: str) -> None:
        with closing(sqlite3.connect(scene.database, timeout=30)) as connection, connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def act(page: Page) -> None:
        rename("kitchen_staff_count", "gone")
        try:
            page.reload()
        finally:
            rename("gone", "kitchen_staff_count")

    return act


def views(scene: Stage) -> list[View]:
    """The open morning."""
    day, group = f"/attendance/{MONDAY}/{scene.group}", scene.group
    half_done, not_begun = scene.groups["Bitutės"], scene.groups["Pelėdžiukai"]
    return [
        View("login", "", "/accounts/login"),
        View("login-help", "", "/accounts/login", unfold_help),
        View("login-wrong", "", "/accounts/login", wrong_password),
        View("error-404-outside", "", "/nothing"),
        View("day", "rasa", day),
        View("day-failed", "rasa", day, tap_in_vain),
        View("day-menu", "rasa", day, open_menu),
        View("day-help", "rasa", day, ask_help),
        View("day-closed", "rasa", f"/attendance/2026-11-22/{group}"),
        View("day-past", "rasa", f"/attendance/2026-11-20/{group}"),
        View("day-not-begun", "jonas", f"/attendance/{MONDAY}/{not_begun}"),
        View("day-director", "jonas", f"/attendance/{MONDAY}/{half_done}"),
        View("announcements", "rasa", f"{day}/announcements"),
        View("board", "ieva", f"/kitchen/{MONDAY}"),
        View("board-by-group", "ieva", f"/kitchen/{MONDAY}?view=groups"),
        View("board-lock", "ieva", f"/kitchen/{MONDAY}/lock"),
        View("board-closed-day", "ieva", "/kitchen/2026-11-22"),
        View("board-director", "jonas", f"/kitchen/{MONDAY}"),
        View("months", "lina", f"/sheets/{MONTH}"),
        View("months-past", "jonas", "/sheets/2026-10"),
        View("sheet", "lina", f"/sheets/{MONTH}/{group}"),
        View("sheet-educator", "rasa", f"/sheets/{MONTH}/{group}"),
        View("sheet-locked", "vilma", f"/sheets/2026-10/{group}"),
        View("sheet-empty", "vilma", f"/sheets/2026-08/{group}"),
        View("papers", "lina", f"/papers/{MONTH}"),
        View("papers-late", "jonas", "/papers/2026-10"),
        View("papers-educator", "rasa", f"/papers/{MONTH}"),
        View("papers-none", "rasa", "/papers/2026-08"),
        View("papers-child", "rasa", "/papers/children/7?first=2026-11-17&last=2026-11-18", enter_paper),
        View("papers-child-head", "jonas", "/papers/children/7"),
        View("home-administrator", "aldona", "/"),
        View("home-bar", "aldona", "/groups/"),
        View("home-accountant", "vilma", "/"),
        View("home-secretary", "milda", "/"),
        View("home-arts", "dalia", "/"),
        View("home-family", "greta", "/home/children"),
        View("home-places", "jonas", "/places"),
        View("home-places-administrator", "aldona", "/places"),
        View("copies", "jonas", "/copies/?q=zuk"),
        View("copies-child", "jonas", "/copies/children/1"),
        View("copies-own", "rasa", "/copies/own"),
        View("meals-settings", "aldona", "/meals/kinds"),
        View("meals-one", "aldona", "/meals/kinds/2"),
        View("meals-new", "aldona", "/meals/diets/new"),
        View("calendar", "jonas", "/workdays/2026"),
        View("calendar-educator", "rasa", "/workdays/2026"),
        View("calendar-closure", "aldona", "/workdays/closures/new"),
        View("calendar-closure-shown", "aldona", "/workdays/closures/new", see_what_it_does),
        View("calendar-extra", "aldona", "/workdays/extra/new"),
        View("deadlines", "jonas", "/workdays/deadlines"),
        View("children", "rasa", "/children/"),
        View("children-house", "jonas", "/children/"),
        View("children-nobody", "jonas", "/children/?q=zzz"),
        View("children-nowhere", "aldona", "/children/?stay=nowhere"),
        View("birthdays", "rasa", f"/children/birthdays/{MONDAY}"),
        View("no-access", "aldona", "/children/no-access"),
        View("card", "rasa", "/cards/7"),
        View("card-parent", "rasa", "/cards/9/guardians/new"),
        View("card-meals", "rasa", "/cards/5", change_meals),
        View("card-needs", "rasa", "/cards/5", open_needs),
        View("card-consent", "rasa", "/cards/10/consents/birthday"),
        View("card-codes", "aldona", "/cards/7", wrong_code),
        View("child-new", "rasa", "/cards/new"),
        View("payers", "vilma", "/cards/payer-codes"),
        View("employees", "aldona", "/people/"),
        View("employee-new", "aldona", "/people/new"),
        View("employee", "aldona", "/people/1", end_a_role),
        View("employee-role", "jonas", "/people/8", give_a_role),
        View("employee-edit", "aldona", "/people/1/edit"),
        View("documents", "aldona", "/documents/"),
        View("documents-none", "jonas", "/documents/?q=zzz"),
        View("document", "aldona", "/documents/1"),
        View("document-new", "aldona", "/documents/new"),
        View("settings", "aldona", "/settings/"),
        View("institution", "rasa", "/settings/institution"),
        View("institution-edit", "aldona", "/settings/institution/edit"),
        View("age-bands", "aldona", "/settings/age-bands"),
        View("sheet-wording", "aldona", "/settings/sheet-wording"),
        View("lists", "aldona", "/registers/"),
        View("list-file", "aldona", "/registers/lists/children/new"),
        View("list-columns", "aldona", "/registers/lists/children/new", send_list),
        View("list-differences", "aldona", "/registers/lists/children/new", compare_list),
        View("notices", "jonas", "/notices/"),
        View("start", "aldona", "/"),
        View("reasons", "aldona", "/absences/reasons"),
        View("reason", "aldona", "/absences/reasons/1", open_rule),
        View("reason-new", "aldona", "/absences/reasons/new"),
        View("roles", "rasa", "/roles"),
        View("first", "", "/accounts/first"),
        View("first-help", "", "/accounts/first", unfold_help),
        View("help", "rasa", "/help/"),
        View("help-topic", "aldona", "/help/registers"),
        View("account", "rasa", "/accounts/"),
        View("account-password", "rasa", "/accounts/password"),
        View("account-pin", "rasa", "/accounts/pin"),
        View("second-step", "jonas", "/accounts/second-factor"),
        View("pledge-text", "jonas", "/accounts/pledge-text"),
        View("pledges", "jonas", "/accounts/pledges"),
        View("entry-rules", "aldona", "/accounts/entry-rules"),
        View("statistics", "jonas", "/statistics/2026-11"),
        View("outages", "rasa", "/outages/"),
        View("outages-house", "jonas", "/outages/?day=2026-11-24"),
        View("outage-ask", "rasa", f"/outages/2026-11-20/{group}"),
        View("outage-enter", "rasa", f"/outages/{MONDAY}/{group}"),
        View("analysis", "lina", "/analysis/?first=2026-09&last=2026-11"),
        View("analysis-all", "jonas", "/analysis/?all=y&long=3&often=15"),
        View("analysis-wrong", "lina", "/analysis/?first=2026-11&last=2026-10"),
        View("watch", "ruta", f"/supervision/{MONTH}"),
        View("watch-director", "jonas", "/supervision/2026-10"),
        View("watch-late", "jonas", "/supervision/late/2026"),
        View("watch-check", "ruta", f"/supervision/{MONTH}/groups/{group}/check"),
        View("remarks", "ruta", "/supervision/remarks"),
        View("remark", "rasa", f"/supervision/remarks/{scene.more['remark']}"),
        View("remark-answered", "ruta", f"/supervision/remarks/{scene.more['answered']}"),
        View("remark-new", "ruta", f"/supervision/remarks/new?about=/attendance/{MONDAY}/{group}"),
        View("remarks-none", "sigita", "/supervision/remarks"),
        View("groups", "jonas", "/groups/"),
        View("group", "jonas", f"/groups/{group}"),
        View("group-educator", "rasa", f"/groups/{group}"),
        View("group-edit", "jonas", f"/groups/{group}/edit"),
        View("group-assign", "jonas", f"/groups/{group}/staff/new"),
        View("group-guests", "jonas", f"/groups/{group}/visits/new"),
        View("group-merge", "jonas", f"/groups/{group}/merges/new"),
        View("substitutes", "jonas", "/handovers/"),
        View("substitute-new", "jonas", "/handovers/new"),
        View("handover-card", "rasa", f"/handovers/{MONDAY}/{group}/card"),
        View("hours", "jonas", f"/handovers/hours/{MONTH}?all=1"),
        View("leavers", "jonas", "/handovers/leavers"),
        View("year-turn", "aldona", "/years/2027"),
        View("group-merged", "aldona", f"/groups/{scene.groups['Lašeliai']}"),
        View("group-left", "aldona", f"/groups/{scene.groups['Pumpurėliai']}"),
        View("substitution", "jonas", f"/handovers/{scene.more['substitution']}"),
        View("leaver", "jonas", f"/handovers/leavers/2/{MONDAY}"),
        View("list-left", "aldona", "/registers/lists/children/new", leave_list),
        View("departures", "milda", "/transfers/"),
        View("departure", "milda", f"/transfers/departures/{scene.more['departure']}"),
        View("departure-new", "milda", "/transfers/children/7/departure"),
        View("departure-away", "milda", "/transfers/children/7/leave"),
        View("departure-back", "milda", f"/transfers/leaves/{scene.more['leave']}/back"),
        View("offers", "milda", "/transfers/offers"),
        View("offer-taken", "milda", f"/transfers/offers/{scene.more['offer']}"),
        View("offer-arrived", "milda", f"/transfers/arrivals/{scene.more['arrival']}"),
        View("acts", "jonas", "/acts/"),
        View("act", "ruta", "/acts/1"),
        View("act-register", "milda", "/acts/1"),
        View("differences", "lina", f"/sheets/{MONTH}/{scene.group}/differences"),
        View("open-month", "jonas", f"/acts/open/{MONTH}"),
        View("open-removing", "jonas", "/acts/open/removing"),
        View("slips", "aldona", "/slips/"),
        View("slips-educator", "tomas", "/slips/"),
        View("tablets", "aldona", "/tablets/"),
        View("tablet-pair", "", "/tablets/pair"),
        View("tablet-doors", "", "/tablets/pair", on_tablet(scene)),
        View("tablet-pin", "", "/tablets/pair", on_tablet(scene, "Rasa")),
        View("first-password", "", "/accounts/first", with_slip(scene)),
        View("pledge", "nijole", "/"),
        View("history", "jonas", "/history/"),
        View("history-of-child", "rasa", "/history/?child=7"),
        View("history-nothing", "jonas", "/history/?since=2020-01-01&until=2020-01-02"),
        View("history-check", "jonas", "/history/check?code=3f2a+91bc+07de"),
        View("history-checked", "jonas", "/history/check", print_and_check),
        View("error-403", "aldona", day),
        View("error-404", "rasa", "/attendance/2026-11-23/999999"),
    ]


def submit_too_late(page: Page) -> None:
    """Somebody has changed a cell since the page was opened."""
    page.evaluate(
        """() => {
            const field = document.querySelector("#steps [name=seen]");
            field.value = field.value.replace("·", "?");
        }"""
    )
    page.check("#steps [name=anyway]")
    page.click("#steps .btn-go")
    page.wait_for_selector(".both")


def open_return(page: Page) -> None:
    page.click("#steps summary")


def month_over_views(scene: Stage) -> list[View]:
    """The first of December: the month on its way from the educators to the heads."""
    month = f"/sheets/{MONTH}"
    half_done, not_begun, checked = (scene.groups[name] for name in ("Bitutės", "Pelėdžiukai", "Drugeliai"))
    return [
        View("month-over", "lina", month),
        View("month-over-director", "jonas", month),
        View("month-over-educator", "rasa", month),
        View("sheet-returned", "rasa", f"{month}/{scene.group}"),
        View("sheet-both-versions", "rasa", f"{month}/{scene.group}", submit_too_late),
        View("sheet-to-check", "lina", f"{month}/{half_done}", open_return),
        View("sheet-faults", "lina", f"{month}/{not_begun}"),
        View("sheet-checked", "jonas", f"{month}/{checked}"),
        View("day-of-a-submitted-month", "jonas", f"/attendance/2026-11-30/{half_done}"),
    ]


def locked_views(scene: Stage) -> list[View]:
    """After nine."""
    day = f"/attendance/{MONDAY}/{scene.group}"
    return [
        View("locked-day", "rasa", day),
        View("locked-day-submitted", "tomas", f"/attendance/{MONDAY}/{scene.groups['Drugeliai']}"),
        View("locked-board", "ieva", f"/kitchen/{MONDAY}"),
        View("locked-board-by-group", "ieva", f"/kitchen/{MONDAY}?view=groups"),
        View("locked-board-director", "jonas", f"/kitchen/{MONDAY}"),
        View("locked-unlock", "jonas", f"/kitchen/{MONDAY}/unlock"),
        View("error-409", "rasa", day, too_late),
        View("error-500", "ieva", f"/kitchen/{MONDAY}", fault_of(scene)),
    ]
