"""What the rules did not see, reported from the message: by a key, with the words that one chose, and by links alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import House, open_conversation, reload_until, row

CHOOSE = """(words) => {
  const text = [...document.querySelectorAll(".message-text")].at(-1).firstChild, range = document.createRange();
  range.setStart(text, text.data.indexOf(words));
  range.setEnd(text, text.data.indexOf(words) + words.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_the_words_one_chose_are_in_the_form_and_what_may_be_answered_follows(house: House):
    page = house.enter("aline")
    house.ask("Ida Vue", "Bonjour, depuis que je prends l’onguent ça pique pas pour rire, pis mon dossier c’est le QQ-77. Merci!")
    reload_until(row(page, "Ida Vue"))
    open_conversation(page, "Ida Vue")
    expect(page.locator(".picker-option").nth(2)).to_be_visible()
    page.evaluate(CHOOSE, "ça pique pas pour rire")
    page.keyboard.press("f")
    form = page.locator(".unseen-form")
    expect(form.locator("select")).to_be_focused()
    expect(form.locator("textarea")).to_have_value("ça pique pas pour rire")

    form.locator("textarea").fill("ça gratte")
    form.locator("select").select_option("adverse_event")
    form.locator("input[name=note]").fill("vu au comptoir")
    form.locator("button").click()
    expect(form.locator("textarea")).to_be_focused()
    expect(form).to_contain_text("These words do not stand in the message")
    expect(form.locator("input[name=note]")).to_have_value("vu au comptoir")

    form.locator("textarea").fill("ça pique pas")
    form.locator("button").click()
    expect(page.locator(".seen .badge")).to_contain_text("Adverse event")
    expect(page.locator("mark.seen-words")).to_have_text("ça pique pas")
    expect(form).to_have_count(0)
    expect(page.locator("#composer")).to_contain_text("only the templates on this are offered")

    page.locator(".seen .badge").click()
    page.get_by_role("button", name="Take my report back").click()
    expect(page.locator(".seen .badge")).to_have_count(0)
    expect(page.locator("#composer")).not_to_contain_text("only the templates on this are offered")


@pytest.fixture
def bare(house: House) -> Page:
    return house.enter("aline", java_script_enabled=False)


def test_without_a_script_it_is_a_page(house: House, bare: Page):
    house.ask("Ida Lue", "Mon casier, c’est le QX-77-B.")
    reload_until(row(bare, "Ida Lue"))
    open_conversation(bare, "Ida Lue")
    bare.locator(".message-menu > summary").click()
    bare.locator("[data-unseen]").click()
    bare.locator("select").select_option("record_number")
    bare.locator("textarea").fill("QX-77-B")
    bare.locator(".unseen-form button").click()
    expect(bare.locator(".message-text")).to_contain_text("••-••-•")
    expect(bare.locator(".seen .badge")).to_contain_text("Record number")
