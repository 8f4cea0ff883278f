import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import audit
from accounts.access import Role
from inbox.models import Contact
from tests.browser.desk import PHONE, TABLET, House, open_conversation, pick, row, timer
from tests.browser.test_every_page import violations
from tests.factories import make_channel, make_member, make_waiting


def test_on_a_phone_one_goes_from_the_list_to_a_conversation_answers_and_comes_back(house: House):
    page = house.enter("aline", viewport=PHONE, has_touch=True, is_mobile=True)
    comment = house.ask("Paul Poche", "Êtes-vous ouverts dimanche?")
    expect(row(page, "Paul Poche")).to_be_visible()
    row(page, "Paul Poche").tap()
    expect(page.locator("#conversation-title")).to_have_text("Paul Poche")
    expect(page.locator("#rows")).to_be_hidden()

    pick(page, "Opening hours")
    page.locator("#composer-answer").fill("Oui, dès 10 h.")
    page.locator("[data-send]").tap()
    expect(timer(page)).to_have_attribute("data-state", "met")
    assert len(house.answers_to(comment)) == 1

    page.locator(".head-back").tap()
    expect(page.locator("#rows")).to_be_visible()
    expect(page.locator("#conversation")).to_be_hidden()


def test_on_a_phone_the_view_one_is_in_stands_in_sight(house: House):
    page = house.enter("aline", viewport=PHONE, has_touch=True, is_mobile=True)
    for view in ("mine", "closed"):
        page.goto(f"/inbox/?view={view}")
        expect(page.locator(".views [aria-current]")).to_be_in_viewport(ratio=0.95)  # all but a fraction of a pixel


def test_a_tablet_shows_the_list_beside_the_conversation(house: House):
    page = house.enter("aline", viewport=TABLET)
    house.ask("Tess Tablette", "Avez-vous un stationnement?")
    open_conversation(page, "Tess Tablette")

    expect(page.locator("#rows")).to_be_visible()
    listed, talk = page.locator("#rows").bounding_box(), page.locator("#talk").bounding_box()
    assert listed and talk
    assert listed["x"] + listed["width"] <= talk["x"]


def test_buttons_can_be_hit_with_a_thumb(house: House):
    page = house.enter("aline", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-row]").first.tap()
    expect(page.locator("#picker-search")).to_be_visible()
    small = page.locator("button:visible, a.button:visible, select:visible, summary:visible").evaluate_all(
        "all => all.map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
        ".filter(([_, box]) => box.width > 1 && (box.width < 24 || box.height < 24)).map(([what]) => what)"
    )
    assert small == []  # WCAG 2.2, target size


LONG = "Huguette-Marie de Courcelles-Longuenom Tremblay"


@pytest.mark.parametrize(("width", "rows"), [(1280, 2), (1366, 1), (1440, 1), (1920, 1)])
def test_the_head_of_a_conversation_is_one_row_however_long_the_name_or_two_that_are_full(open_as, place, ana, width, rows):
    channel = make_channel(place)
    conversation = make_waiting(channel, contact=Contact.objects.create(channel=channel, external_id="1", name=LONG))
    page = open_as(ana, conversation.get_absolute_url(), (width, 768))

    name, tools = page.locator("#conversation-title").bounding_box(), page.locator(".head-tools").bounding_box()

    head = page.locator(".head").bounding_box()

    assert name["width"] >= 100, "some of it is read"
    if rows == 1:
        assert name["x"] + name["width"] <= tools["x"]
        assert head["height"] <= 60
    else:
        assert name["y"] + name["height"] <= tools["y"]
        assert tools["width"] >= 0.85 * head["width"]


@pytest.mark.parametrize("path", ["/team/", "/team/audit/", "/team/locations/"])
def test_on_a_phone_a_table_is_cards_that_need_no_scrolling_and_is_still_a_table(open_as, place, path):
    make_member(place.organization, Role.MANAGER, name=LONG, locations=[place])
    boss = make_member(place.organization, Role.ADMIN)
    audit.record("member.invited", boss, organization=place.organization, by=boss, now=timezone.now(), name=LONG, role="manager")
    page = open_as(boss, path, (PHONE["width"], PHONE["height"]))

    wrap = page.locator(".table-wrap").first
    assert wrap.evaluate("one => one.scrollWidth <= one.clientWidth")
    expect(page.get_by_role("table")).to_have_count(1)
    expect(page.get_by_role("columnheader").first).to_be_attached()
    rows = page.get_by_role("row")
    assert rows.count() >= 2
    expect(rows.nth(1).get_by_role("cell").first).to_be_visible()
    assert violations(page) == []
