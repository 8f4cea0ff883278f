"""All pages of all roles: no console complains (see `house`), axe finds nothing in either light, nothing runs off a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.desk import DESKTOP, PHONE, House, open_conversation, pick
from tests.browser.pages import kind, walk

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS_ARE_THERE = "Promise.all(document.getAnimations().map((one) => one.finished))"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
EVERYBODY = ["aline", "bruno", "chantal", "diane", "emile", "florence", "gaston"]
looked_at: set[str] = set()  # the same kind of page is not judged twice


def violations(page: Page) -> list[Any]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]


def problems(page: Page) -> list[Any]:
    """What axe says in the light and in the dark, and whether one must scroll sideways on a phone."""
    wrong: list[Any] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(COLOURS_ARE_THERE)
        wrong += [(scheme, *found) for found in violations(page)]
    page.set_viewport_size(PHONE)
    try:
        page.wait_for_function(FITS, timeout=5_000)  # a chart takes a moment to draw itself anew
    except TimeoutError:
        wrong.append(("phone", "one must scroll sideways"))
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    return wrong


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_of_a_role_can_be_read_and_keeps_its_policy(house: House, who: str):
    page = house.enter(who)
    wrong = {}
    for address in walk(page):
        if kind(address) not in looked_at:
            looked_at.add(kind(address))
            wrong[address] = problems(page)
    assert len(wrong) + len(looked_at) > 8
    assert {address: found for address, found in wrong.items() if found} == {}


def test_the_states_of_the_composer_are_readable_by_everybody(house: House):
    page = house.enter("bruno")
    house.ask("Alex Axe", "Êtes-vous ouverts dimanche?")
    open_conversation(page, "Alex Axe")
    expect(page.locator("#picker-search")).to_be_visible()
    assert problems(page) == []
    pick(page, "Opening hours")
    page.locator("[data-send]").click()  # something is missing
    expect(page.locator(".composer-problem[data-refused]")).to_be_visible()
    assert problems(page) == []
    page.locator("#composer-answer").fill("Votre RAMQ ABCD 1234 5678, courriel camille@example.com.")
    expect(page.locator("#composer-check .notice").first).to_be_visible()
    assert problems(page) == []


def test_entrances_are_readable_by_everybody(house: House):
    page = house.visit()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/team/join/no-such-token/"):
        page.goto(path)
        assert problems(page) == [], path


def test_an_invitation_leads_in(house: House):
    admin = house.enter("gaston")
    admin.goto("/team/invite/")
    admin.locator("[name=email]").fill("invitee@example.com")
    admin.locator("[name=name]").fill("Inès Invitée")
    admin.locator("[name=all_locations]").check()
    admin.locator("main form button[data-kind=primary]").click()
    expect(admin.locator("main")).to_contain_text("invitee@example.com")
    assert problems(admin) == []

    guest = house.visit()
    guest.goto(house.last_invitation())
    assert problems(guest) == []


def test_errors_are_readable_by_everybody(house: House):
    page = house.enter("emile")
    answer = page.goto("/team/")
    assert answer is not None and answer.status == 403
    assert problems(page) == []

    for status, html in house.error_pages().items():
        show(page, html)
        assert problems(page) == [], status


def show(page: Page, html: str) -> None:
    page.route("**/no-such-page/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/no-such-page/")
    page.unroute("**/no-such-page/")
