"""The main job: a question comes in, approved words go out, the timer stops. And what keeps it safe."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.desk import House, open_conversation, pick, row, sign_in, speak, timer

COMPOSER = re.compile(r"/reply/$")  # see responses/views/reply_urls.py
QUESTION = "Bonjour, êtes-vous ouverts le 24 décembre au soir?"
HOURS = "Opening hours"
# The page hears that something happened: does it ask again what is on its way?
NEWS = """() => {
  document.dispatchEvent(new CustomEvent("inbox:nudge"));
  return document.querySelector("[data-replies]").matches(".htmx-request");
}"""


def begin_answer(page: Page, house: House, author: str, words: str) -> str:
    """Ask, open, pick the opening hours, type; return the comment's id. Nothing is sent yet."""
    comment = house.ask(author, QUESTION)
    open_conversation(page, author)
    pick(page, HOURS)
    page.locator("#composer-answer").fill(words)
    return comment


def test_a_comment_is_answered_with_approved_words_by_keyboard_alone(house: House):
    page = house.visit()
    sign_in(page, "aline")
    speak(page, "en")

    comment = house.ask("Camille Clavier", QUESTION)
    arrived = row(page, "Camille Clavier")
    expect(arrived).to_be_visible()  # by itself: nothing was loaded again
    expect(arrived.locator(".chip")).to_have_attribute("data-state", "running")

    arrived.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-title")).to_be_focused()
    expect(page.locator("#talk")).to_contain_text(QUESTION)
    expect(page.locator("#picker-search")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#picker-search")).to_be_focused()
    page.keyboard.type("opening hours")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("#composer-answer")).to_be_focused()
    page.keyboard.type("Oui, jusqu’à 17 h le 24 décembre.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-undo]")).to_be_focused()
    expect(page.locator("[data-countdown]")).to_contain_text("in ")
    assert house.answers_to(comment) == []

    expect(page.locator(".reply-state[data-state=queued]")).to_have_count(0)
    expect(page.locator("#talk [data-ours]").first).to_contain_text("Oui, jusqu’à 17 h le 24 décembre.")
    expect(timer(page)).to_have_attribute("data-state", "met")
    (answer,) = house.answers_to(comment)
    assert "Camille" in answer
    assert "Oui, jusqu’à 17 h le 24 décembre." in answer
    expect(row(page, "Camille Clavier")).to_have_count(0)  # nobody waits here any more


def test_a_reply_that_is_taken_back_is_not_sent_and_its_words_are_there_again(house: House):
    page = house.enter("aline")
    comment = begin_answer(page, house, "Remi Retour", "Oui, toute la soirée.")
    page.locator("[data-send]").click()
    page.locator("[data-undo]").click()

    expect(page.locator("#composer-answer")).to_have_value("Oui, toute la soirée.")
    expect(page.locator("#composer-answer")).to_be_focused()  # and the same keys send it
    expect(page.locator("#composer")).to_contain_text("Nothing was sent")
    expect(page.locator("[data-undo]")).to_have_count(0)
    page.reload()
    expect(page.locator("#composer-answer")).to_have_value("Oui, toute la soirée.")
    expect(timer(page)).to_have_attribute("data-state", "running")
    assert house.answers_to(comment) == []


def test_no_button_to_take_back_is_offered_before_the_server_answered(house: House):
    """Pressed that early, its answer and the one to Send would wipe each other away."""
    page = house.enter("aline")
    begin_answer(page, house, "Presto Presse", "Oui.")
    held: list[Route] = []
    page.route(COMPOSER, lambda route: held.append(route))
    with page.expect_request(COMPOSER):
        page.locator("[data-send]").click()

    assert page.evaluate(NEWS) is False
    held[0].continue_()
    expect(page.locator("[data-undo]")).to_be_visible()
    page.locator("[data-undo]").click()
    expect(page.locator("#composer")).to_contain_text("Nothing was sent")


def test_what_one_types_outlives_a_reload(house: House):
    page = house.enter("aline")
    begin_answer(page, house, "Paule Perdue", "Jusqu’à 17")
    page.locator("#composer-answer").press_sequentially(" h")
    page.reload()

    expect(page.locator("#composer-answer")).to_have_value("Jusqu’à 17 h")


def test_what_one_types_outlives_what_comes_in_meanwhile(house: House):
    page = house.enter("aline")
    begin_answer(page, house, "Tania Tape", "Je vérifie")
    page.locator(".note-form textarea").fill("À rappeler")
    house.ask("Quelqu’un Dautre", "Avez-vous un stationnement?")

    expect(row(page, "Quelqu’un Dautre")).to_be_visible()
    expect(page.locator("#composer-answer")).to_have_value("Je vérifie")
    expect(page.locator(".note-form textarea")).to_have_value("À rappeler")
    expect(page.locator("#conversation-title")).to_have_text("Tania Tape")


def test_who_sends_after_a_colleague_did_is_shown_it_and_asked(house: House):
    late, quick = house.enter("aline"), house.enter("bruno")
    comment = begin_answer(late, house, "Deux Fois", "La mienne.")
    open_conversation(quick, "Deux Fois")
    pick(quick, HOURS)
    quick.locator("#composer-answer").fill("La première.")
    quick.locator("[data-send]").click()
    expect(timer(quick)).to_have_attribute("data-state", "met")

    expect(late.locator("#composer-replies .composer-stale")).to_contain_text("La première.")  # already while typing
    late.locator("[data-send]").click()
    expect(late.locator(".composer-form .composer-stale")).to_contain_text("La première.")
    expect(late.locator("[data-send]")).to_have_text("Send anyway")
    expect(late.locator("#composer-answer")).to_have_value("La mienne.")
    assert len(house.answers_to(comment)) == 1

    late.locator("[data-send]").click()
    expect(late.locator("#talk [data-ours]").filter(has_text="La mienne.")).to_be_visible()
    assert len(house.answers_to(comment)) == 2


def test_a_comment_with_health_words_says_where_to_go_on(house: House):
    page = house.enter("aline")
    begin_answer(page, house, "Sandra Santé", "Votre numéro RAMQ ABCD 1234 5678 est bien noté.")
    page.locator("[data-send]").click()

    expect(page.locator("#composer-check")).to_contain_text("This cannot be sent.")
    expect(page.locator("#composer-answer")).to_have_value("Votre numéro RAMQ ABCD 1234 5678 est bien noté.")
