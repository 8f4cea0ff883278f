"""A person plays the customer on the pages of the other platforms, as a browser without scripts would."""

import re

import pytest

from tests.simulator.browsing import Browser, Inline
from tests.simulator.calls import BLOG, GOOGLE_TOKEN, PLACE, SITE, WHATSAPP, google, whatsapp, wp


@pytest.fixture
def browser(fresh):
    browser = Browser(fresh.url)
    yield browser
    browser.http.close()


def page_of(browser, external_id):
    """The path of a page, found where a person finds it."""
    found = re.search(rf'href="(/pages/\d+/)">[^<]+</a> <br><code>{re.escape(external_id)}<', browser.get("/"))
    assert found is not None, external_id
    return found[1]


def first(pattern, seen):
    found = re.search(pattern, seen)
    assert found is not None, pattern
    return found[1]


@pytest.mark.parametrize("external_id", [WHATSAPP, PLACE, BLOG, SITE])
def test_their_pages_have_nothing_inline_and_say_what_they_are(fresh, browser, external_id):
    seen = browser.get(page_of(browser, external_id))

    inline = Inline()
    inline.feed(seen)
    assert inline.found == []
    assert "Simulateur" in seen


def test_a_review_is_written_answered_read_by_google_changed_and_taken_back(fresh, browser, sink, drained):
    fresh.configure(google_moderation="hold")
    path = page_of(browser, PLACE)
    browser.post(f"{path}review/", browser.get(path), author="Zoé Inventée", stars="4", text="Bon service")
    [listed] = google(fresh, "GET", f"v4/{PLACE}/reviews").json()["reviews"]
    google(fresh, "PUT", f"v4/{listed['name']}/reply", GOOGLE_TOKEN, json={"comment": "Merci Zoé !"})

    seen = browser.get(path)
    assert "4 étoiles" in seen
    assert "Merci Zoé !" in seen
    assert "en examen" in seen
    review = first(r'action="/reviews/(\d+)/edit/"', seen)
    browser.post(f"/reviews/{review}/rejected/", seen)
    assert "refusée" in browser.get(path)
    browser.post(f"/reviews/{review}/edit/", seen, stars="1", text="Finalement non")
    browser.post(f"/reviews/{review}/remove/", seen)
    drained()

    assert len(sink.received) == 2  # what is taken back is not told
    assert "Avis retiré" in browser.get(path)
    assert google(fresh, "GET", f"v4/{PLACE}/reviews").json() == {}


def test_a_person_writes_on_whatsapp_with_and_without_words(fresh, browser, sink, drained):
    path = page_of(browser, WHATSAPP)
    opened = browser.post(f"{path}message/", browser.get(path), author="Zoé Inventée", text="Bonjour")
    browser.post(f"{path}whatsapp/", browser.get(path), author="Zoé Inventée", kind="image", text="Ma boîte", withheld="1")
    drained()
    words, picture = (each.json["entry"][0]["changes"][0]["value"] for each in sink.received)
    whatsapp(fresh, None, "Je regarde", recipient=picture["contacts"][0]["user_id"])

    assert "Je regarde" in browser.get(opened.url.removeprefix(fresh.url))
    assert words["contacts"][0]["wa_id"]
    assert "wa_id" not in picture["contacts"][0]
    assert picture["messages"][0]["image"]["caption"] == "Ma boîte"


@pytest.mark.parametrize("external_id", [BLOG, SITE])
def test_a_blog_comment_waits_until_somebody_at_the_site_approves_it(fresh, browser, external_id):
    path = page_of(browser, external_id)
    seen = browser.get(path)
    browser.post(f"{path}comment/", seen, post=first(r'name="post" value="(\d+)"', seen), author="Zoé Inventée", text="Utile !")

    held = browser.get(path)
    assert "en attente" in held
    browser.post(first(r'action="(/comments/\d+/status/approved/)"', held), held)

    [comment] = [each for page in fresh.state(external_id)["pages"] for each in page["comments"]]
    assert comment["hidden"] is False
    assert "status/approved" not in browser.get(path)


def test_a_poll_sees_what_a_person_wrote_on_the_blog(fresh, browser):
    path = page_of(browser, BLOG)
    seen = browser.get(path)
    browser.post(f"{path}comment/", seen, post=first(r'name="post" value="(\d+)"', seen), author="Zoé Inventée", text="Utile !")

    [shown] = wp(fresh, "GET", "comments?context=edit&status=hold").json()

    assert (shown["author_name"], shown["content"]["raw"]) == ("Zoé Inventée", "Utile !")


def test_somebody_names_the_page_on_linkedin(fresh, browser, sink, drained):
    path = page_of(browser, "urn:li:organization:9000501")
    browser.post(f"{path}linkedin/", browser.get(path), author="Zoé Inventée", do="mention", text="Merci au Quai")
    browser.post(f"{path}linkedin/", browser.get(path), author="Zoé Inventée", do="like")
    drained()

    assert [each["action"] for each in sink.notifications()] == ["SHARE_MENTION", "LIKE"]
