"""Words are approved by somebody else than their author; a miss gets its cause and a signature; the figures can be read."""

import re

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.access import Role
from tests.browser.desk import House, open_conversation, speak
from tests.factories import make_case, make_channel, make_member, make_waiting


def waiting_words(page: Page) -> Locator:
    page.goto("/templates/queue/")
    return page.locator("article.card")


def hand_in(house: House, who: str, title: str) -> str:
    """Write new words in both languages and hand them in; return the address of the template."""
    page = house.enter(who)
    page.goto("/templates/new/")
    for language in ("fr", "en"):
        page.locator(f"[name=title_{language}]").fill(f"{title} {language}")
        page.locator(f"[name=body_{language}]").fill("Bonjour {first_name}! {answer}")
    page.locator("[name=topic]").select_option(index=1)
    page.locator("main form button[name=submit]").click()
    page.wait_for_url(re.compile(r"/templates/\d+/"))
    return page.url


def test_new_words_are_approved_from_the_queue_and_can_be_picked_at_once(house: House):
    hand_in(house, "aline", "Stationnement d’hiver")
    page = house.enter("diane")
    entry = waiting_words(page).filter(has_text="Stationnement d’hiver")
    entry.locator("button[name=approve]").click()
    expect(waiting_words(page).filter(has_text="Stationnement d’hiver")).to_have_count(0)

    house.ask("Anne Hiver", "Avez-vous un stationnement?")
    staff = house.enter("aline")
    open_conversation(staff, "Anne Hiver")
    expect(staff.locator(".picker-option").filter(has_text="Stationnement d’hiver")).to_have_count(1)


def test_nobody_approves_their_own_words(house: House):
    hand_in(house, "diane", "De ma main")
    page = house.enter("diane")
    entry = waiting_words(page).filter(has_text="De ma main")

    expect(entry).to_have_count(1)
    expect(entry.locator("button[name=approve]")).to_have_count(0)
    expect(entry.locator(".notice").filter(has_text="You wrote these words")).to_be_visible()


def test_asking_for_changes_takes_a_comment(house: House):
    hand_in(house, "aline", "À revoir")
    page = house.enter("diane")
    entry = waiting_words(page).filter(has_text="À revoir")
    entry.locator("button[name=changes]").click()
    expect(page.locator(".field-error")).to_be_in_viewport()
    expect(page.locator("[name=comment][aria-invalid=true]")).to_be_focused()
    speak(page, "fr-ca")
    expect(page.locator("article.card").filter(has_text="À revoir")).to_be_in_viewport()
    speak(page, "en")

    entry = page.locator("article.card").filter(has_text="À revoir")
    entry.locator("[name=comment]").fill("Dites à quelle heure.")
    entry.locator("button[name=changes]").click()
    expect(waiting_words(page).filter(has_text="À revoir")).to_have_count(0)


def test_a_manager_says_why_an_answer_was_late_and_signs(house: House):
    page = house.enter("chantal")
    page.goto("/misses/")
    rows = page.locator("tbody tr")
    unsigned = rows.filter(has=page.locator(".chip[data-state=met_late]")).filter(has_text="To review")
    unsigned.first.locator(".actions a").click()
    page.locator("[name=cause]").first.select_option(index=1)
    page.locator("[name=note]").fill("La boîte n’a pas été regardée le soir.")
    page.locator("button[name=sign]").click()

    expect(page.locator("main")).to_contain_text("Signed off by Chantal Démo")
    expect(page.locator("[name=note]")).to_have_count(0)  # closed to changes
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator("[name=note]")).to_have_value("La boîte n’a pas été regardée le soir.")


def test_the_report_draws_its_figures_and_writes_them_beside(house: House):
    page = house.enter("chantal")
    page.goto("/report/")

    expect(page.locator("[data-drawn] canvas")).to_be_visible()
    assert page.locator("canvas").evaluate("one => one.width * one.height") > 0
    assert page.locator("table").count() >= 2


def test_a_report_without_scripts_is_its_tables(house: House):
    page = house.enter("florence", java_script_enabled=False)
    page.goto("/report/")
    expect(page.locator("table").first).to_be_visible()


def test_the_summary_of_a_case_is_printed_by_its_own_button(open_as, place):
    case = make_case(make_waiting(make_channel(place), at=timezone.now()).messages.get())
    page = open_as(make_member(place.organization, Role.PHARMACIST, language="en"), f"/inbox/safety/{case.pk}/summary/")
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")

    page.get_by_role("button", name="Print").click()

    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
