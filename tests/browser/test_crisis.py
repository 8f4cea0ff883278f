"""Somebody may be in danger: what people see, in the light, in the dark, on a phone, and the one button."""

import os

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.access import Role
from inbox import crises
from tests.browser.conftest import PHONE
from tests.browser.test_every_page import problems
from tests.factories import MINUTE, make_channel, make_danger, make_member, make_version, make_waiting

WORDS = "J’ai avalé la moitié du flacon, je veux mourir, adieu"
SHOTS = os.environ.get("CRISIS_SHOTS", "")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/crisis_{name}.png")


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
    shot(page, "fr")
    assert problems(page) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        shot(page, f"phone_{scheme}")
    page.set_viewport_size({"width": 1440, "height": 900})
    shot(page, "dark")
    page.emulate_media(color_scheme="light")

    page.get_by_role("button", name="Je prends cela en charge").click()

    expect(page.locator(".crisis")).to_contain_text("Odile Exemple a pris cela en charge")
    expect(page.get_by_role("button", name="Je prends cela en charge")).to_have_count(0)
    shot(page, "taken")


@pytest.mark.parametrize("path", ["/inbox/alerts/", "/inbox/help-lines/", "/team/duty/", "/inbox/"])
def test_the_pages_beside_it_are_read_by_everybody(open_as, conversation, place, path):
    make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")
    page = open_as(make_member(place.organization, Role.MANAGER), path)
    expect(page.locator("#alarm")).to_be_visible()
    shot(page, path.strip("/").replace("/", "_"))

    assert problems(page) == []
