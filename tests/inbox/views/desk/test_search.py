"""The field above the list: a plain form, rows as in every view, and no number of a person in an address or a log."""

import html
import logging
import re

import pytest

from accounts.access import Role
from inbox.views.desk import talk
from tests.factories import MINUTE, NOON, make_channel, make_contact, make_location, make_member, make_message, make_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(place):
    return make_channel(place)


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def search(client, words, **query):
    answer = client.get("/inbox/", {"q": words, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def rows(shown):
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', shown)]


def test_a_form_without_script_shows_rows_with_the_words_marked(desk, page):
    talk = make_waiting(page, text="Bonjour, le vaccin est-il arrivé?")
    make_waiting(page)

    shown = search(desk, "vaccins")

    assert rows(shown) == [talk.pk]
    assert "Bonjour, le <mark>vaccin</mark> est-il arrivé?" in shown
    assert re.search(r'<form id="search"[^>]* method="get" action="/inbox/"', shown)
    assert re.search(r'name="q" value="vaccins"', shown)


def test_a_row_leads_to_its_message_beside_the_same_list(desk, page):
    talk = make_waiting(page, text="le vaccin")
    answer = make_message(talk, at=NOON + MINUTE, direction="out", source="comptoir", text="Oui, le vaccin est là.")

    shown = search(desk, "vaccin")

    assert f'href="/inbox/{talk.pk}/?q=vaccin&amp;messages=all#message-{answer.pk}"' in shown
    assert "<i>We:</i>" in shown
    assert rows(desk.get(f"/inbox/{talk.pk}/?q=vaccin").content.decode()) == [talk.pk]


def test_a_row_leads_to_a_message_that_is_older_than_those_that_are_shown(desk, page, monkeypatch):
    monkeypatch.setattr(talk, "SHOWN", 2)
    conversation = make_waiting(page, text="le vaccin")
    oldest = conversation.messages.get()
    for number in range(1, 4):
        make_message(conversation, at=NOON + number * MINUTE, text="Merci")

    address = html.unescape(re.search(r'hx-get="([^"]*)" hx-target="#conversation"', search(desk, "vaccin"))[1])

    assert f'id="message-{oldest.pk}"' in desk.get(address).content.decode()


def test_what_people_wrote_is_escaped_between_the_marks(desk, page):
    make_waiting(page, text="<script>vaccin</script>", contact=make_contact(page, name="<b>Zoé</b>"))

    shown = search(desk, "vaccin zoé")

    assert "&lt;script&gt;<mark>vaccin</mark>&lt;/script&gt;" in shown
    assert "&lt;b&gt;<mark>Zoé</mark>&lt;/b&gt;" in shown
    assert "<script>vaccin" not in shown


def test_what_is_typed_is_escaped(desk, page):
    shown = search(desk, '"><script>x</script>')

    assert "<script>x" not in shown
    assert "&quot;&gt;&lt;script&gt;x" in shown


def test_htmx_gets_the_list_alone(desk, page):
    talk = make_waiting(page, text="le vaccin")

    shown = desk.get("/inbox/", {"q": "vaccin"}, headers={"HX-Request": "true", "HX-Target": "inbox-side"}).content.decode()

    assert rows(shown) == [talk.pk]
    assert "<html" not in shown
    assert 'data-live="/inbox/?q=vaccin"' in shown  # as it is, when somebody looks again


def test_nothing_found_says_what_to_do(desk, ana, place, page):
    other = make_location(place.organization)
    ana.locations.add(other)
    talk = make_waiting(make_channel(other), text="le vaccin")

    shown = search(desk, "vaccin", location=place.slug)

    assert rows(shown) == []
    assert "Nothing found" in shown
    assert 'href="/inbox/?q=vaccin">Search all locations' in shown
    assert rows(search(desk, "vaccin")) == [talk.pk]


def test_the_location_stays_and_other_views_lead_out_of_the_search(desk, ana, place, page):
    ana.locations.add(make_location(place.organization))

    shown = search(desk, "vaccin", location=place.slug, view="closed", platform="facebook")

    assert f'<input type="hidden" name="location" value="{place.slug}">' in shown
    assert f'href="/inbox/?view=closed&amp;location={place.slug}"' in shown
    assert 'aria-current="page"' not in shown.split("</nav>")[-2]
    assert "platform=facebook&amp;q=" not in shown


@pytest.mark.parametrize("words", ["a", "de la", "?"])
def test_too_little_says_so(desk, page, words):
    assert "Write a little more" in search(desk, words)


@pytest.mark.parametrize("words", ["x" * 5000, "mot " * 2000, "\0", "a'b\"c\\d", "% _", "&|!():*<->", "'; drop table", "😀"])
def test_nothing_that_one_types_is_an_error(desk, page, words):
    search(desk, words)


def test_bytes_that_are_no_letters_are_none(desk, page):
    assert desk.get("/inbox/?q=%ff%fe%00vaccin").status_code == 200


def test_a_blank_field_is_the_inbox(desk, page):
    talk = make_waiting(page)

    assert rows(search(desk, "  ")) == [talk.pk]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("number", ["ZORM 6253 1492", "514 555-0177", "plante.verte@example.com", "4512, rue des Lilas"])
def test_what_points_to_somebody_is_not_searched_and_is_kept_nowhere(sign_in, place, page, caplog, role, number):
    make_waiting(page, text=f"Appelez-moi: {number}")
    client = sign_in(make_member(place.organization, role))

    with caplog.at_level(logging.DEBUG):
        answer = client.get("/inbox/", {"q": number})
        shown = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == "/inbox/?search=refused"
    assert "Not searched" in shown
    assert rows(shown) == []
    assert number not in answer.content.decode() + shown + str(dict(client.session))
    assert number not in "".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")


def test_a_number_is_refused_by_the_field_before_it_leaves_the_browser(desk, page):
    pattern = re.search(r'pattern="([^"]*)"', desk.get("/inbox/").content.decode())[1]

    assert re.fullmatch(pattern, "vaccin 2026")
    assert re.fullmatch(pattern, "")
    assert not re.fullmatch(pattern, "ZORM 6253 1492")
    assert not re.fullmatch(pattern, "555-0177")


def test_an_address_with_such_a_number_beside_a_conversation_leads_no_further(desk, page):
    talk = make_waiting(page)

    shown = desk.get(f"/inbox/{talk.pk}/", {"q": "ZORM 6253 1492"}).content.decode()

    assert 'data-live="/inbox/?search=refused"' in shown
    assert 'value="ZORM' not in shown


def test_the_number_of_questions_does_not_follow_what_is_found(desk, page, django_assert_max_num_queries):
    for number in range(30):
        make_waiting(page, at=NOON - number * MINUTE, text="le vaccin")
    search(desk, "vaccin")

    with django_assert_max_num_queries(16):  # thirty among the newest: looked for twice, then by the index
        assert len(rows(search(desk, "vaccin"))) == 30


def test_the_outsider_finds_nothing_of_others(sign_in, outsider, page):
    make_waiting(page, text="le vaccin")

    assert rows(search(sign_in(outsider), "vaccin")) == []
