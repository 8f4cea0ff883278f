import pytest
from playwright.sync_api import expect

from tests.browser.desk import House

PAGES = ("/inbox/", "/templates/", "/report/", "/team/me/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_are_in_the_language_one_chose_and_say_so(house: House, language: str):
    page = house.enter("florence", language="fr-ca" if language == "fr" else language)
    for path in PAGES:
        page.goto(path)
        assert (page.locator("html").get_attribute("lang") or "").startswith(language), path


def test_one_button_changes_the_language_and_stays_on_the_page(house: House):
    page = house.enter("florence")
    page.goto("/report/?period=30")
    page.locator("header button[name=language][value=fr-ca]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    expect(page).to_have_url(f"{house.url}/report/?period=30")
    page.locator("header button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_conversation_stays_open_when_the_language_changes(house: House):
    page = house.enter("aline")
    page.locator("[data-row]").nth(1).click()
    expect(page.locator("#conversation[data-pk]")).to_be_visible()
    address, opened = page.url, page.locator("#conversation").get_attribute("data-pk")
    page.locator("header button[name=language][value=fr-ca]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")
    expect(page).to_have_url(address)
    expect(page.locator("#conversation")).to_have_attribute("data-pk", opened or "")


def test_a_stranger_is_met_in_the_language_of_their_browser(house: House):
    for locale, lang in (("en-CA", "en"), ("fr-CA", "fr-ca"), ("de-DE", "fr-ca")):
        page = house.visit(locale=locale)
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", lang)


def test_an_answer_says_in_which_language_it_is(house: House):
    house.ask("Emily Example", "Hello, are you open on Sunday? I could not find your opening hours anywhere.")
    page = house.enter("aline", language="fr-ca")
    page.locator("[data-row]").filter(has_text="Emily Example").click()
    page.locator(".picker-option").filter(has_text="Opening hours").first.click()
    expect(page.locator("#composer-sheet")).to_have_attribute("lang", "en")
    page.locator("button[name=speak][value=fr]").click()
    expect(page.locator("#composer-sheet")).to_have_attribute("lang", "fr")
