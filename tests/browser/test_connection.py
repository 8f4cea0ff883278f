from playwright.sync_api import expect

from tests.browser.desk import House, row


def test_a_lost_connection_is_told_and_what_came_meanwhile_is_there_when_it_is_back(house: House, live_process):
    stop, start = live_process
    page = house.enter("aline")
    expect(page.locator("#connection")).to_be_empty()

    stop()
    expect(page.locator("#connection")).to_contain_text("Connection lost.")
    house.ask("Entre Temps", "Êtes-vous ouverts dimanche?")
    expect(row(page, "Entre Temps")).to_have_count(0)

    start()
    expect(row(page, "Entre Temps")).to_be_visible()
    expect(page.locator("#connection")).to_be_empty()


def test_what_could_not_be_done_is_said(house: House):
    page = house.enter("aline")
    page.context.set_offline(True)
    page.locator("[data-row]").first.click()

    expect(page.locator("#messages")).to_contain_text("That did not go through.")
    expect(page.locator("#inbox-side")).to_be_visible()
    house.trouble.clear()  # htmx says so in the console too
