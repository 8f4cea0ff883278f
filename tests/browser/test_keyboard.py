"""Single keys: each does what its button does, never while one types, and not for who turned them off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import House


@pytest.fixture
def page(house: House) -> Page:
    page = house.enter("aline")
    expect(page.locator("[data-row]").nth(2)).to_be_visible()
    return page


def open_first(page: Page) -> None:
    page.locator("[data-row]").first.click()
    expect(page.locator("#conversation-title")).to_be_focused()
    expect(page.locator("#composer")).to_be_visible()


def test_j_and_k_walk_the_list_and_enter_opens(page: Page):
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    expect(page.locator("#conversation-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.nth(0)).to_be_focused()


@pytest.mark.parametrize(
    ("key", "focused"),
    [("r", "[data-composer-focus]"), ("/", "[data-composer-focus]"), ("n", ".note-form textarea"), ("a", ".rail-assign select")],
)
def test_a_key_goes_to_its_field(page: Page, key: str, focused: str):
    open_first(page)
    page.keyboard.press(key)
    expect(page.locator(focused).first).to_be_focused()


def test_the_slash_searches_from_the_list_and_escape_leaves_the_search(page: Page):
    field, name = page.locator("#search-words"), page.locator("[data-row] .row-head b").first.inner_text()
    page.keyboard.press("/")
    expect(field).to_be_focused()

    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator(".row-head mark").first).to_be_visible()
    assert "q=" in page.url
    expect(field).to_have_value(name)

    page.keyboard.press("Escape")
    expect(page.locator("[data-search-off]")).to_have_count(0)
    expect(page.locator("#search-words")).to_have_value("")


def test_a_result_opens_at_its_message_and_the_results_stay(page: Page):
    page.goto("/inbox/?q=ouverts")
    page.locator("[data-row]").first.click()
    expect(page.locator("#conversation-title")).to_be_focused()
    message = page.url.partition("#")[2]
    expect(page.locator(f"#{message}")).to_be_in_viewport()
    expect(page.locator("#search-words")).to_have_value("ouverts")


def test_the_talk_stays_where_one_reads_when_the_answer_is_drawn_anew(page: Page):
    page.goto("/inbox/?q=ouverts")
    open_first(page)
    stands_at = page.evaluate("""() => new Promise((resolve) => {
      const talk = document.getElementById("talk"), answer = document.querySelector(".answer");
      talk.style.paddingTop = "5000px";
      talk.scrollTop = 7;
      document.addEventListener("htmx:load", () => resolve(talk.scrollTop), { once: true });
      window.htmx.ajax("GET", answer.getAttribute("hx-get"), { target: answer, swap: "innerHTML" });
    })""")
    assert stands_at == 7


def test_a_number_of_a_person_does_not_leave_the_field(page: Page):
    before = page.url
    page.keyboard.press("/")
    page.keyboard.type("ZORM 6253 1492")
    page.keyboard.press("Enter")
    expect(page.locator("#search-words:invalid")).to_be_focused()
    assert page.url == before


def test_e_opens_how_it_ends_and_escape_leaves_it(page: Page):
    open_first(page)
    page.keyboard.press("e")
    expect(page.locator(".close-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".close-form")).to_be_hidden()


def test_the_question_mark_shows_the_keys(page: Page):
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_letters_are_letters_while_one_types(page: Page):
    open_first(page)
    note = page.locator(".note-form textarea")
    note.press_sequentially("jkrnea/?")
    expect(note).to_have_value("jkrnea/?")
    expect(note).to_be_focused()
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(note).not_to_be_focused()


def test_a_key_with_ctrl_is_the_browsers(page: Page):
    page.keyboard.press("Control+j")
    expect(page.locator("[data-row]:focus")).to_have_count(0)


def test_who_turns_the_keys_off_has_none(house: House):
    page = house.enter("emile")
    page.goto("/team/me/")
    page.locator("input[name=shortcuts]").uncheck()
    page.locator("main form button").first.click()
    page.goto("/inbox/?view=answered")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    expect(page.locator("#shortcuts")).to_be_hidden()
