"""The pages work as plain HTML: every form is posted the way a browser without scripts would."""

import re

import pytest

from tests.simulator.browsing import Browser, Inline
from tests.simulator.calls import FACEBOOK, reply, send


@pytest.fixture
def browser(fresh):
    browser = Browser(fresh.url)
    yield browser
    browser.http.close()


def link(html: str, kind: str) -> str:
    found = re.search(rf'href="(/{kind}/\d+/)"', html)
    assert found is not None, kind
    return found[1]


def page_of_facebook(home: str) -> str:
    return link(home[home.index("<h2>Facebook</h2>") :], "pages")


def test_every_page_says_it_is_the_simulator_and_has_nothing_inline(fresh, browser):
    fresh.comment(FACEBOOK, "Bonjour")
    fresh.message(FACEBOOK, "Bonjour")
    home = browser.get("/")
    page = browser.get(page_of_facebook(home))

    for html in (
        home,
        page,
        browser.get(link(page, "threads")),
        browser.get(link(page, "messages")),
        browser.get("/deliveries/"),
    ):
        inline = Inline()
        inline.feed(html)
        assert "Simulateur" in html
        assert inline.found == []


def test_a_person_comments_and_sees_the_answer_come_back(fresh, browser, sink, drained):
    path = page_of_facebook(browser.get("/"))
    page = browser.get(path)
    post = re.search(r'name="post" value="(\d+)"', page)
    assert post is not None

    browser.post(f"{path}comment/", page, post=post[1], author="Zoé Inventée", text="Livrez-vous <b>ici</b> ?")
    drained()
    [value] = sink.values()
    reply(fresh, value["comment_id"], "Oui, gratuitement.")

    thread = browser.get(link(browser.get(path), "threads"))
    assert value["from"]["name"] == "Zoé Inventée"
    assert "Livrez-vous &lt;b&gt;ici&lt;/b&gt; ?" in thread
    assert "Oui, gratuitement." in thread


def test_a_person_writes_in_private_and_sees_the_answer_come_back(fresh, browser, sink, drained):
    path = page_of_facebook(browser.get("/"))
    opened = browser.post(f"{path}message/", browser.get(path), author="Zoé Inventée", text="Bonjour")
    drained()
    send(fresh, sink.items()[0]["sender"], "Bonsoir Zoé")

    assert "Bonsoir Zoé" in browser.get(opened.url.removeprefix(fresh.url))


def test_the_thread_page_edits_hides_removes_and_answers_natively(fresh, browser, sink, drained):
    fresh.comment(FACEBOOK, "Avant")
    thread = link(browser.get(page_of_facebook(browser.get("/"))), "threads")
    pk = thread.strip("/").partition("/")[2]
    seen = browser.get(thread)

    browser.post(f"/comments/{pk}/edit/", seen, text="Après")
    browser.post(f"/comments/{pk}/hide/", seen)
    page = re.search(r'action="(/pages/\d+/comment/)"', seen)
    assert page is not None
    browser.post(page[1], seen, **{"parent": pk, "text": "Réponse d’ailleurs", "as": "page"})
    browser.post(f"/comments/{pk}/remove/", seen)
    drained()

    assert [value["verb"] for value in sink.values()] == ["add", "edited", "hide", "add", "remove"]
    assert sink.values()[3]["from"]["id"] == FACEBOOK


def test_faults_and_traffic_are_turned_from_the_home_page(fresh, browser):
    home = browser.get("/")

    browser.post("/faults/", home, kind="slow", value="300", count="2")
    browser.post("/trickle/", home, on="1")
    assert "2 fois" in browser.get("/")
    assert fresh.configure()["trickle"] is True

    browser.post("/faults/clear/", home)
    browser.post("/trickle/", home, on="0")
    assert "aucune panne" in browser.get("/")
    assert fresh.configure()["trickle"] is False


def test_the_home_page_says_what_connects_a_page(fresh, browser):
    home = browser.get("/")
    assert "Pour la connecter" in home
    assert "<code>1500000000000000501-dev-x</code>" in home


def test_a_form_never_leads_away(fresh, browser):
    path = page_of_facebook(browser.get("/"))

    answer = browser.post(f"{path}comment/", browser.get(path), text="Bonjour", author="Zoé", next="https://example.com/")

    assert answer.url.startswith(fresh.url)
