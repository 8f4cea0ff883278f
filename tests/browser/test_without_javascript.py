"""Everything works by links and forms alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import House, open_conversation, pick, reload_until, row


@pytest.fixture
def page(house: House) -> Page:
    return house.enter("aline", java_script_enabled=False)


def test_the_list_is_filtered_and_counted(page: Page):
    page.locator("[data-view=answered]").click()
    expect(page.locator("[data-view=answered]")).to_have_attribute("aria-current", "page")
    page.locator(".views a[href*='platform=instagram']").click()
    expect(page.locator(".views a[aria-current=true]")).to_contain_text("Instagram")
    marks = page.locator("#rows .row-platform use")
    expect(marks.first).to_have_attribute("href", re.compile("#platform-instagram"))
    expect(page.locator("#rows .row-platform use:not([href*='#platform-instagram'])")).to_have_count(0)


def test_words_are_searched_for(page: Page):
    page.locator("#search-words").fill("ouverts")
    page.locator("#search button").click(force=True)
    expect(page.locator("#rows mark").first).to_be_visible()
    page.locator("[data-search-off]").click()
    expect(page.locator("[data-view=waiting]")).to_have_attribute("aria-current", "page")


def test_all_that_a_person_said_is_a_link_away(page: Page):
    open_conversation(page, "Ginette Démo")
    page.locator(".rail a[href*='?contact=']").click()
    expect(page.locator("[data-row]").first).to_contain_text("Ginette Démo")
    expect(page.locator(".bar-filters a")).to_contain_text("Ginette Démo")


def test_the_list_goes_on_behind_fifty(house: House):
    page = house.enter("chantal", java_script_enabled=False)
    page.locator("[data-view=answered]").click()
    expect(page.locator("[data-row]")).to_have_count(50)
    first = page.locator("[data-row]").first.get_attribute("data-row") or ""
    page.locator(".pager a[rel=next]").click()
    expect(page.locator("[data-row]").first).not_to_have_attribute("data-row", first)
    page.locator(".pager a").first.click()
    expect(page.locator("[data-row]").first).to_have_attribute("data-row", first)


def test_a_question_is_answered_taken_noted_and_closed(house: House, page: Page):
    comment = house.ask("Sans Script", "Êtes-vous ouverts dimanche?")
    reload_until(row(page, "Sans Script"))
    open_conversation(page, "Sans Script")

    page.locator(".rail-assign select").select_option(label="Aline Exemple")
    page.locator(".rail-assign button").click()
    expect(page.locator(".rail-assign select option[selected]")).to_have_text(re.compile("Aline Exemple"))
    page.locator(".note-form textarea").fill("Vérifié avec l’équipe.")
    page.locator(".note-form button").click()
    expect(page.locator(".note")).to_contain_text("Vérifié avec l’équipe.")

    conversation = page.url
    page.locator(".answer-link a").click()
    pick(page, "Opening hours")
    page.locator("#composer-answer").fill("Oui, de 10 h à 17 h.")
    page.locator("[data-send]").click()
    expect(page.locator("[data-undo]")).to_be_visible()

    page.goto(conversation)
    reload_until(page.locator(".head .chip[data-state=met]"))
    expect(page.locator("#talk [data-ours]").first).to_contain_text("Oui, de 10 h à 17 h.")
    assert len(house.answers_to(comment)) == 1
    page.locator("summary[data-key=e]").click()
    page.locator(".close-form button").click()
    expect(page.locator(".talk-end")).to_be_visible()


def test_a_template_is_found_by_its_words(house: House, page: Page):
    house.ask("Cherche Mots", "Avez-vous un stationnement?")
    reload_until(row(page, "Cherche Mots"))
    open_conversation(page, "Cherche Mots")
    page.locator(".answer-link a").click()
    page.locator("#picker-search").fill("parking")
    page.locator(".picker-search button").click()
    expect(page.locator(".picker-option")).to_have_count(1)
    expect(page.locator(".picker-option")).to_contain_text("Adresse et stationnement")
