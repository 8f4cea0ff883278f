from playwright.sync_api import expect

from tests.browser.desk import PHONE, TABLET, House, open_conversation, pick, row, timer


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
