"""The small forms on which a person does what people do on Facebook and Instagram beside commenting."""

import re

import pytest

from tests.simulator.browsing import Browser
from tests.simulator.calls import FACEBOOK, INSTAGRAM, error, graph, send

PRIVATE = ["image", "audio", "file", "sticker", "location", "story", "story_mention", "postback", "unsupported"]


@pytest.fixture
def browser(fresh):
    browser = Browser(fresh.url)
    yield browser
    browser.http.close()


@pytest.fixture
def page_of(browser):
    """page_of(id) → the address of that page's own page."""

    def path(external_id):
        home = browser.get("/")
        at = home.index(f"<code>{external_id}</code>")
        return re.findall(r'href="(/pages/\d+/)"', home[:at])[-1]

    return path


@pytest.mark.parametrize(
    ("page", "kind", "field"),
    [
        (FACEBOOK, "positive", "ratings"),
        (FACEBOOK, "negative", "ratings"),
        (FACEBOOK, "visitor", "feed"),
        (FACEBOOK, "mention", "mention"),
        (FACEBOOK, "ad", "feed"),
        (INSTAGRAM, "live", "live_comments"),
        (INSTAGRAM, "reel", "comments"),
    ],
)
def test_what_is_written_elsewhere_is_told(browser, page_of, sink, drained, page, kind, field):
    path = page_of(page)
    browser.post(f"{path}meta/write/", browser.get(path), kind=kind, author="Zoé Inventée", text="Bravo")
    drained()

    assert [entry["changes"][0]["field"] for each in sink.received for entry in each.json["entry"]] == [field]


@pytest.mark.parametrize(
    "kind", ["image", "audio", "file", "sticker", "location", "story", "story_mention", "postback", "unsupported"]
)
def test_a_message_of_another_kind_is_told(browser, page_of, sink, drained, kind):
    path = page_of(INSTAGRAM)
    browser.post(f"{path}meta/send/", browser.get(path), kind=kind, author="zoe", text="")
    drained()

    [item] = sink.items()
    assert set(item) & {"message", "postback"}


def test_a_thread_is_taken_and_given_back_and_a_key_dies_and_revives(fresh, browser, page_of):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    path = page_of(FACEBOOK)
    thread = re.search(r'href="(/messages/\d+/)"', browser.get(path))
    assert thread is not None
    seen = browser.get(thread[1])
    take = re.search(r'action="(/people/\d+/meta/)take/"', seen)
    assert take is not None

    browser.post(f"{take[1]}take/", seen)
    assert error(send(fresh, {"id": person})) == (10, 2018300)
    browser.post(f"{take[1]}pass/", seen)
    assert send(fresh, {"id": person}).ok
    browser.post(f"{path}meta/keys/", browser.get(path), what="kill", value="463")
    assert error(graph(fresh, "GET", "me")) == (190, 463)
    browser.post(f"{path}meta/keys/", browser.get(path), what="revive")
    browser.post(f"{path}meta/keys/", browser.get(path), what="unsubscribe")
    assert graph(fresh, "GET", f"{FACEBOOK}/subscribed_apps").json() == {"data": []}
