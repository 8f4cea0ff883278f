"""The demo's drug maker, beside its pharmacy group: what its people see, and that it is theirs alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from responses.demo import maker, pharmacy
from tests.browser.desk import PHONE, House, open_conversation, row

pytestmark = pytest.mark.browser
VIEWS = ("/inbox/", "/inbox/?view=answered", "/inbox/?view=closed")
WROTE = {house: {seed["author"] for seed in house.told["conversations"]} for house in (pharmacy.HOUSE, maker.HOUSE)}


def authors(page: Page) -> set[str]:
    """Who stands in the lists, as far as they are shown at once."""
    found: set[str] = set()
    for view in VIEWS:
        page.goto(view)
        expect(page.locator("[data-row]").first).to_be_visible()
        found |= set(page.locator("[data-row] b").all_inner_texts())
    return found


def test_the_maker_and_the_pharmacy_see_nothing_of_each_other(house: House):
    irene, aline = house.enter("irene"), house.enter("aline")
    of_maker, of_pharmacy = authors(irene), authors(aline)

    assert of_maker == WROTE[maker.HOUSE]
    assert of_pharmacy & WROTE[pharmacy.HOUSE]
    assert not of_pharmacy & WROTE[maker.HOUSE]
    for page, others in ((irene, aline), (aline, irene)):
        others.goto("/inbox/")
        theirs = others.locator("[data-row]").first.get_attribute("data-row")
        answer = page.goto(f"/inbox/{theirs}/")
        assert answer and answer.status == 404


def test_the_sign_in_page_tells_whose_people_they_are(house: House):
    page = house.visit()
    page.goto("/accounts/login/")
    for told in (pharmacy.HOUSE, maker.HOUSE):
        expect(page.locator("form h3", has_text=told.name)).to_be_visible()
    buttons = page.locator("button[name=email]")
    expect(buttons).to_have_count(len(pharmacy.HOUSE.people) + len(maker.HOUSE.people))
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_what_happens_in_another_time_zone_is_told_in_it_and_names_it(house: House):
    page = house.enter("irene")
    open_conversation(page, "Gwen Mockup")
    expect(page.locator("#talk")).to_contain_text("Atlantic time")
    page.goto("/inbox/")
    open_conversation(page, "Sandrine Maquette")
    expect(page.locator("#talk")).not_to_contain_text("Atlantic time")

    jacob = house.enter("jacob")  # whose own zone it is
    expect(row(jacob, "Sandrine Maquette")).to_have_count(0)
    open_conversation(jacob, "Gwen Mockup")
    expect(jacob.locator("#talk")).not_to_contain_text("Atlantic time")


def test_who_wrote_templates_is_told_what_was_decided_and_that_one_ends_soon(house: House):
    page = house.enter("irene")
    page.goto("/inbox/notices/")
    for told in ("Your template is approved", "Changes are asked for in your template", "An approved template expires soon"):
        expect(page.locator("main")).to_contain_text(told)

    page = house.enter("maude")
    page.goto("/inbox/notices/")
    expect(page.locator("main")).to_contain_text("A template waits for your decision")


def test_the_next_holiday_is_confirmed_at_one_place_and_waits_at_the_other(house: House):
    page = house.enter("norbert")

    def confirmed(name: str) -> list[str]:
        page.goto("/team/locations/")
        page.get_by_role("link", name=name).first.click()
        typed: list[str] = page.locator("#days .days input[type=text]").evaluate_all("all => all.map(one => one.value)")
        return [hours for hours in typed if hours]

    assert confirmed("siège social") == ["10:00–16:00"]
    assert confirmed("bureau de l’Atlantique") == []


def test_the_maker_s_cases_are_a_duty_with_clocks_that_began_when_people_wrote(house: House):
    page = house.enter("karine")
    page.goto("/inbox/safety/")
    cases = page.locator("tbody tr")
    late, reported = cases.filter(has_text="sceau était déjà brisé"), cases.filter(has_text="hospitalisée")
    expect(late.locator(".chip")).to_have_attribute("data-state", re.compile("at_risk|overdue"))
    expect(reported).to_contain_text("CV-0000142")
    reported.locator("a").first.click()
    expect(page.locator("main")).to_contain_text("Pass it on to those who answer for safety")


def test_on_a_phone_the_link_to_a_case_stays_on_the_page_whatever_it_is_called(house: House):
    page = house.enter("karine", language="fr-ca", viewport=PHONE, has_touch=True, is_mobile=True)
    open_conversation(page, "Gwen Mockup")
    link = page.get_by_role("link", name="Incident lié à un instrument médical")
    box = link.bounding_box()
    assert box and box["x"] + box["width"] <= PHONE["width"]
