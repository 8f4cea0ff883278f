"""Somebody may be in danger: what people see, in the light, in the dark, on a phone, and the one button."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.access import Role
from inbox import crises
from tests.browser.conftest import PHONE
from tests.browser.test_every_page import problems, violations
from tests.factories import MINUTE, make_channel, make_danger, make_member, make_version, make_waiting

WORDS = "J’ai avalé la moitié du flacon, je veux mourir, adieu"


@pytest.fixture
def conversation(place):
    at = timezone.now() - 17 * MINUTE
    conversation = make_waiting(make_channel(place), at=at, text=WORDS)
    for kind, words in (("self_harm", "je veux mourir"), ("poisoning", "avalé la moitié du flacon")):
        make_danger(conversation.messages.get(), kind, words)
    make_version(
        place.organization, topic="self_harm", title_fr="Aide immédiate", body_fr="Bonjour {first_name}, appelez le 911."
    )
    make_version(place.organization, topic="hours")
    crises.attend(now=at)
    crises.alert_due(now=at)
    return conversation


def test_the_banner_is_read_by_everybody_and_one_button_takes_it_on(open_as, conversation, place):
    member = make_member(place.organization, Role.PHARMACIST, name="Odile Exemple", language="fr-ca")
    page = open_as(member, conversation.get_absolute_url())
    expect(page.locator(".crisis")).to_be_visible()
    expect(page.locator("#alarm")).to_be_visible()
    expect(page.locator(".picker-option")).to_have_count(1)
    assert problems(page) == []

    page.get_by_role("button", name="Je prends cela en charge").click()

    expect(page.locator(".crisis")).to_contain_text("Odile Exemple a pris cela en charge")
    expect(page.get_by_role("button", name="Je prends cela en charge")).to_have_count(0)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1000, 760)])
def test_what_they_wrote_is_read_whole_and_so_is_the_sheet_of_its_badge(open_as, conversation, place, size):
    page = open_as(make_member(place.organization, Role.PHARMACIST), conversation.get_absolute_url(), size)
    expect(page.locator(".picker-option")).to_have_count(1)
    page.locator(".seen-one summary").first.click()
    page.locator(".seen-sheet .fold summary").first.click()
    button = page.locator(".seen-sheet .fold").first.get_by_role("button")

    expect(button).to_be_in_viewport(ratio=1)
    button.click(trial=True, timeout=2000)  # nothing lies over it
    page.keyboard.press("Escape")
    page.locator(".message-text").first.scroll_into_view_if_needed()
    page.locator(".message-text").first.click(trial=True, timeout=2000)


@pytest.mark.parametrize("path", ["/inbox/alerts/", "/inbox/help-lines/", "/team/duty/", "/inbox/"])
def test_the_pages_beside_it_are_read_by_everybody(open_as, conversation, place, path):
    make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")
    page = open_as(make_member(place.organization, Role.MANAGER), path)
    expect(page.locator("#alarm")).to_be_visible()

    assert problems(page) == []


def test_on_a_phone_the_strip_is_two_lines_and_what_to_do_a_fold_below_every_number(open_as, conversation, place):
    other = make_waiting(make_channel(place), at=timezone.now(), text=WORDS)
    make_danger(other.messages.get(), "self_harm", "je veux mourir")
    crises.attend(now=timezone.now())
    page = open_as(make_member(place.organization, Role.PHARMACIST, language="fr-ca"), conversation.get_absolute_url(), PHONE)

    strip, first = page.locator("#alarm"), page.locator(".crisis-more").first
    expect(strip).to_contain_text("et 1 autre")
    assert strip.bounding_box()["height"] <= 64
    for line in page.locator(".crisis-lines a").all():
        expect(line).to_be_visible()
        assert line.bounding_box()["height"] >= 24
    expect(page.locator(".crisis-lines a[href='tel:911']")).to_be_in_viewport()
    expect(first.locator("ol")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("ol")).to_be_visible()
    assert violations(page) == []


def test_on_a_phone_the_words_that_were_picked_stand_where_they_were_picked(open_as, conversation, place):
    member = make_member(place.organization, Role.PHARMACIST)
    page = open_as(member, conversation.get_absolute_url(), PHONE)

    page.locator(".picker-option").click()

    expect(page.locator("#composer-sheet")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-send]")).to_be_in_viewport(ratio=1)


def test_where_there_is_room_what_to_do_is_read_at_once(open_as, conversation, place):
    page = open_as(make_member(place.organization, Role.PHARMACIST), conversation.get_absolute_url())

    for steps in page.locator(".crisis-more ol").all():
        expect(steps).to_be_visible()
    expect(page.locator(".crisis-more summary").first).to_be_hidden()
