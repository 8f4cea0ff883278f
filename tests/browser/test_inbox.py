import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from inbox import conversations
from inbox.models import Conversation
from responses import replies
from responses.composing.judging import Words
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.factories import HOUR, MINUTE, make_channel, make_location, make_message, make_version, make_waiting

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(place):
    """Three that wait, the most urgent first."""
    channel, now = make_channel(place), timezone.now()
    return [make_waiting(channel, at=now - hours * HOUR, text=f"Question {hours}") for hours in (30, 20, 2)]


def look(page):
    """What a push would make the page do."""
    page.evaluate("document.dispatchEvent(new CustomEvent('inbox:look'))")


def test_the_list_is_walked_and_opened_by_keys(open_as, ana, waiting):
    page = open_as(ana, "/inbox/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_contain_text("Question 20")
    assert page.url.endswith(f"/inbox/{waiting[1].pk}/")
    expect(page.locator("#conversation-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-row='{waiting[1].pk}']")).to_be_focused()


def test_keys_are_letters_while_one_writes_and_nothing_when_turned_off(open_as, ana, waiting):
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.keyboard.press("n")
    page.keyboard.type("je rappelle")
    expect(page.locator(".note-form textarea")).to_have_value("je rappelle")

    ana.user.shortcuts = False
    ana.user.save()
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.keyboard.press("n")
    expect(page.locator(".note-form textarea")).not_to_be_focused()


def test_what_arrives_is_shown_and_what_one_types_is_kept(open_as, ana, waiting, place):
    place.opening_hours = {"mon": [["09:00", "21:00"]]}
    place.save()
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.locator(".note-form textarea").fill("A draft")
    page.locator(".note-form textarea").focus()
    page.locator("details.fold").first.evaluate("fold => fold.open = true")
    make_message(waiting[0], at=timezone.now(), text="Are you there?")

    look(page)

    expect(page.locator("#talk")).to_contain_text("Are you there?")
    expect(page.locator(f"[data-row='{waiting[0].pk}'] .row-more")).to_contain_text("2")
    expect(page.locator(".note-form textarea")).to_have_value("A draft")
    expect(page.locator(".note-form textarea")).to_be_focused()
    assert page.locator("details.fold").first.evaluate("fold => fold.open")


def said_before(conversation):
    """Of the same person, answered and closed."""
    before = make_waiting(conversation.channel, contact=conversation.contact, at=timezone.now() - 50 * HOUR, text="Last time")
    make_message(before, at=timezone.now() - 49 * HOUR, direction="out", text="Bonjour!")
    Conversation.objects.filter(pk=before.pk).update(closed_at=timezone.now(), close_outcome="answered")
    return before


def test_what_else_the_person_said_comes_by_itself_stays_right_and_leads_there(open_as, ana, waiting):
    before = said_before(waiting[0])
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    there = page.locator(f"#history-row-{before.pk}")
    expect(there).to_contain_text("Closed: Answered")
    there.focus()
    make_message(before, at=timezone.now(), text="And today?")

    look(page)

    expect(there).to_contain_text("And today?")
    expect(there).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_contain_text("Last time")
    expect(page.locator(f"#history-row-{waiting[0].pk}")).to_contain_text("Question 30")


def looked(page):
    """The same, until it is done, however it ended."""
    page.evaluate(
        """new Promise((done) => {
          document.addEventListener("inbox:looked", () => done(), { once: true });
          document.dispatchEvent(new CustomEvent("inbox:look"));
        })"""
    )
    page.clock.run_for(1_000)  # the pause between two looks


def asked(page):
    """The parts of the page that are asked for again from now on, as they are."""
    heard = []
    page.on("request", lambda request: heard.append(request.headers.get("hx-target")))
    return heard


def test_the_last_news_of_their_other_conversations_within_a_minute_comes_when_it_is_over(open_as, ana, waiting):
    before = said_before(waiting[0])
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    there, part = page.locator(f"#history-row-{before.pk}"), f"history-{waiting[0].pk}"
    expect(there).to_contain_text("Closed: Answered")
    page.clock.install()
    heard = asked(page)
    make_message(before, at=timezone.now() - HOUR, text="And today?")
    looked(page)
    expect(there).to_contain_text("And today?")
    expect(there).not_to_contain_text("Answered")

    make_message(before, at=timezone.now(), direction="out", source="native", text="Yes.")
    looked(page)
    page.clock.run_for(50_000)
    assert heard.count(part) == 1
    page.clock.run_for(10_000)

    expect(there).to_contain_text("Answered")


def test_a_conversation_that_is_ones_own_no_more_stays_as_it_was_read_and_is_not_asked_for_again(open_as, ana, waiting):
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.clock.install()
    Conversation.objects.filter(pk=waiting[0].pk).update(location=make_location(ana.organization))
    heard = asked(page)

    looked(page)
    looked(page)

    assert (heard.count("conversation"), heard.count("inbox-side")) == (1, 2)
    expect(page.locator("#talk")).to_contain_text("Question 30")


def test_however_many_looks_failed_one_more_is_made_after_a_while(open_as, ana):
    page = open_as(ana, "/inbox/")
    page.clock.install()
    page.context.set_offline(True)
    for _ in range(3):
        looked(page)
    heard = asked(page)

    with page.expect_event("requestfailed", lambda request: request.headers.get("hx-target") == "inbox-side"):
        page.clock.run_for(7_500)
    page.clock.run_for(2_000)

    assert heard.count("inbox-side") == 1


def test_what_is_typed_beside_an_answer_that_is_taken_back_is_kept(open_as, ana, waiting, place):
    version = make_version(place.organization)
    said = Words(version=version, language="fr", filled={"answer": "jusqu’à 21 h.", "first_name": "Julie"})
    replies.compose(waiting[0], by=ana, now=timezone.now() + HOUR, words=said)
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.get_by_text("Write an answer").click()
    page.locator("#composer button[name=pick]").first.click()

    page.locator("#composer-answer").fill("aussi le dimanche")
    page.get_by_role("button", name="Take back").click()

    expect(page.locator("#composer")).to_contain_text("What you are writing stays.")
    expect(page.locator("#composer-answer")).to_have_value("aussi le dimanche")
    page.get_by_role("button", name="Use these words instead").click()
    expect(page.locator("#composer-answer")).to_have_value("jusqu’à 21 h.")


def test_a_note_is_saved_and_its_field_is_empty_again(open_as, ana, waiting):
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")
    page.locator(".note-form textarea").fill("Called at 13:05")

    page.locator(".note-form button").click()

    expect(page.locator(".note")).to_contain_text("Called at 13:05")
    expect(page.locator(".note-form textarea")).to_have_value("")


def test_closing_and_taking_up_again_by_keys(open_as, ana, waiting):
    page = open_as(ana, f"/inbox/{waiting[0].pk}/")

    page.keyboard.press("e")
    page.locator("input[value=no_reply_needed]").check()
    page.locator(".close-form button").click()
    expect(page.locator(".talk-end")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".talk-end")).to_have_count(0)
    expect(page.locator(f"[data-row='{waiting[0].pk}']")).to_be_visible()


def test_a_timer_goes_on_by_itself(open_as, ana, waiting):
    page = open_as(ana, "/inbox/")
    chip = page.locator(f"[data-row='{waiting[2].pk}'] .chip")
    due = int(waiting[2].due_at.timestamp())

    # As if the page had been open since yesterday.
    chip.evaluate("(chip, due) => chip.dataset.due = due - 24 * 3600", due)
    page.evaluate("document.dispatchEvent(new CustomEvent('inbox:looked'))")

    expect(chip).to_have_attribute("data-state", "overdue")
    expect(chip).to_contain_text("2 h")
    expect(page.locator("#announce")).not_to_be_empty()


def test_a_phone_shows_the_list_or_a_conversation(open_as, ana, waiting):
    page = open_as(ana, "/inbox/", PHONE, has_touch=True, is_mobile=True)
    expect(page.locator("#conversation")).to_be_hidden()

    page.locator("[data-row]").first.tap()
    expect(page.locator("#conversation-title")).to_be_visible()
    expect(page.locator("#rows")).to_be_hidden()
    page.locator(".head-back").tap()
    expect(page.locator("#rows")).to_be_visible()


def test_without_script_everything_is_still_done(open_as, ana, waiting):
    page = open_as(ana, "/inbox/", java_script_enabled=False)

    page.locator("[data-row]").first.click()
    page.locator("select[name=member]").select_option(str(ana.pk))
    page.locator(".rail-assign button").click()
    page.locator(".note-form textarea").fill("Without script")
    page.locator(".note-form button").click()
    expect(page.locator(".note")).to_contain_text("Without script")
    page.locator("summary[data-key=e]").click()
    page.locator("input[value=answered_elsewhere]").check()
    page.locator(".close-form button").click()
    expect(page.locator(".talk-end")).to_be_visible()

    waiting[0].refresh_from_db()
    assert waiting[0].assignee == ana
    assert waiting[0].state == "closed"


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_as, ana, waiting, size, scheme):
    conversations.add_note(waiting[0], "A note", by=ana, now=timezone.now())
    make_message(waiting[0], at=timezone.now() - MINUTE, direction="out", text="Bonjour!")
    said_before(waiting[1])
    addresses = [
        "/inbox/",
        f"/inbox/{waiting[1].pk}/",
        f"/inbox/{waiting[0].pk}/timer/",
        "/inbox/?view=answered",
        f"/inbox/?contact={waiting[1].contact_id}",
        "/inbox/notices/",
    ]

    for address in addresses:
        page = open_as(ana, address, size, color_scheme=scheme, bypass_csp=True)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(violation["id"], violation["nodes"][0]["target"]) for violation in found] == [], address
