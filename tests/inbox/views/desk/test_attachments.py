"""What people attached comes through us: no address of a platform reaches the browser, none of ours is called for a stranger."""

import re
from time import monotonic

import pytest

from inbox.fetching import attachments
from inbox.platforms import hurry, media
from tests.factories import make_channel, make_waiting
from tests.inbox.platforms import server
from tests.inbox.platforms.server import Saying

pytestmark = pytest.mark.django_db

KINDS = ["image", "sticker", "audio", "video", "file", "story", "story_mention", "ig_reel", "ephemeral", "never heard of"]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n" + b"\0" * 40


@pytest.fixture
def store(settings):
    """Where the platform is, and keeps what people attached; the one private origin that may be called."""
    with server.running() as running:
        settings.META_GRAPH_URL = running.url
        yield running


def test_a_stranger_has_nobody_call_a_site_of_our_own_network(look, store, settings):
    with server.running() as intranet:
        intranet.says(Saying(raw=PNG))
        settings.PRIVATE_ORIGINS = [intranet.url]

        for kind in ("image", "fallback"):
            assert look(kind, f"{intranet.url}/delete?all=1").status_code == 422

        assert intranet.asked == []


@pytest.fixture
def waiting(place):
    return make_waiting(make_channel(place))


@pytest.fixture
def look(sign_in, ana, waiting):
    """look(kind, url) → the answer to asking for an attachment of that kind at that address."""

    def ask(kind: str, url: str, **headers: str):
        waiting.messages.update(attachments=[{"type": kind, "url": url, "title": ""}])
        message = waiting.messages.get()
        return sign_in(ana).get(f"/inbox/{waiting.pk}/attachments/{message.pk}/0/", headers=headers)

    return ask


def test_a_picture_comes_through_us_sealed(look, store):
    store.says(Saying(raw=PNG, headers={"Content-Type": "text/html"}))

    answer = look("image", f"{store.url}/p.png?signature=x")

    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer["Content-Type"] == "image/png"  # by what it is, not by what is claimed
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


def test_neither_cookies_nor_tokens_go_along(look, store):
    store.says(Saying(raw=PNG))

    look("image", f"{store.url}/p.png")

    (asked,) = store.asked
    assert not {"cookie", "authorization", "referer"} & {name.lower() for name in asked.headers}


def test_a_document_is_downloaded_and_not_opened_in_our_name(look, store):
    store.says(Saying(raw=PDF))

    answer = look("file", f"{store.url}/f")

    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "body",
    [b"<html><script>alert(1)</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\0", b"", b"{}"],
)
def test_what_a_browser_could_run_or_nobody_knows_is_not_shown(look, store, body):
    store.says(Saying(raw=body, headers={"Content-Type": "image/png"}))

    answer = look("image", f"{store.url}/p")

    assert answer.status_code == 422
    assert "Look at it on Facebook" in answer.text
    assert "alert(1)" not in answer.text


def test_what_is_too_large_is_not_shown(look, store, monkeypatch):
    monkeypatch.setitem(media.LARGEST, "image", 100_000)
    store.says(Saying(raw=PNG + b"\0" * 200_000))

    assert look("image", f"{store.url}/p").status_code == 422


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_the_platform_no_longer_has_says_so_and_is_asked_for_once(look, store, waiting, sign_in, ana, status):
    store.says(Saying(status=status))

    answer = look("image", f"{store.url}/p")
    again = sign_in(ana).get(f"/inbox/{waiting.pk}/attachments/{waiting.messages.get().pk}/0/")

    assert (answer.status_code, again.status_code) == (410, 410)
    assert "no longer has this" in answer.text
    assert len(store.asked) == 1
    assert "Picture: Facebook no longer has it" in sign_in(ana).get(f"/inbox/{waiting.pk}/").text


def test_where_the_page_wants_a_picture_the_words_are_drawn(look, store):
    store.says(Saying(status=404))

    answer = look("image", f"{store.url}/p", **{"Sec-Fetch-Dest": "image"})

    assert (answer.status_code, answer["Content-Type"]) == (410, "image/svg+xml")
    assert "Facebook no longer has this" in re.sub(r"<[^>]*>", " ", answer.text).replace("  ", " ")


@pytest.mark.parametrize("saying", [Saying(status=500), Saying(cut=True), Saying(status=204)])
def test_a_store_that_does_not_answer_is_no_accident(look, store, saying):
    store.says(saying)

    assert look("image", f"{store.url}/p").status_code in {503, 422}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://localhost/",
    ],
)
def test_an_address_inside_our_walls_is_never_called(look, url, store):
    answer = look("image", url)

    assert answer.status_code == 422
    assert store.asked == []


def test_a_redirect_inside_our_walls_is_not_followed(look, store):
    with server.running() as inside:
        store.says(Saying(status=302, headers={"Location": f"{inside.url}/secret"}))

        answer = look("image", f"{store.url}/p")

        assert answer.status_code == 503
        assert inside.asked == []


def test_few_at_once(look, store, monkeypatch):
    store.says(Saying(raw=PNG))
    monkeypatch.setattr(attachments.AT_ONCE, "acquire", lambda timeout: False)

    assert look("image", f"{store.url}/p").status_code == 503
    assert store.asked == []


def test_of_somebody_elses_conversation_nothing_is_shown(look, store, waiting, sign_in, outsider):
    store.says(Saying(raw=PNG))
    look("image", f"{store.url}/p")
    message = waiting.messages.get()

    assert sign_in(outsider).get(f"/inbox/{waiting.pk}/attachments/{message.pk}/0/").status_code in {403, 404}
    assert len(store.asked) == 1


def test_one_that_is_not_there_is_not_found(look, waiting, sign_in, ana, store):
    look("image", f"{store.url}/p")

    assert sign_in(ana).get(f"/inbox/{waiting.pk}/attachments/{waiting.messages.get().pk}/7/").status_code == 404


class TestThePage:
    def shown(self, sign_in, ana, waiting, *attachments: dict) -> str:
        waiting.messages.update(attachments=list(attachments))
        return sign_in(ana).get(f"/inbox/{waiting.pk}/").text

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_address_of_a_platforms_store_reaches_the_browser(self, sign_in, ana, waiting, kind):
        text = self.shown(sign_in, ana, waiting, {"type": kind, "url": "https://scontent.example/p?signature=x", "title": ""})

        assert "scontent.example" not in text

    def test_not_even_of_what_is_called_a_share(self, sign_in, ana, waiting):
        url = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"

        assert "fbsbx" not in self.shown(sign_in, ana, waiting, {"type": "share", "url": url, "title": ""})

    def test_a_link_that_the_person_shared_is_one(self, sign_in, ana, waiting):
        text = self.shown(sign_in, ana, waiting, {"type": "share", "url": "https://example.com/a", "title": "Un article"})

        assert 'href="https://example.com/a" target="_blank" rel="noopener noreferrer nofollow"' in text

    def test_what_is_no_web_address_is_no_link(self, sign_in, ana, waiting):
        text = self.shown(sign_in, ana, waiting, {"type": "share", "url": "javascript:alert(1)", "title": "bad"})

        assert "javascript:" not in text
        assert "bad" in text

    def test_what_the_platform_would_not_give_has_a_place(self, sign_in, ana, waiting):
        text = self.shown(sign_in, ana, waiting, {"type": "unsupported", "url": "", "title": ""})

        assert "Content that cannot be shown here" in text


def test_one_that_drips_takes_no_longer_than_it_may(look, store, monkeypatch):
    monkeypatch.setattr(hurry, "WHOLE", 0.5)
    store.says(Saying(raw=PNG + b"\0" * 400, drip=0.05))
    begun = monotonic()

    assert look("image", f"{store.url}/p.png").status_code == 503
    assert monotonic() - begun < 5


def test_one_that_leads_on_and_on_is_given_up(look, store):
    store.says(Saying(status=302, headers={"Location": "/again"}, raw=b"a" * 100))

    assert look("image", f"{store.url}/p.png").status_code == 503
    assert len(store.asked) == media.REDIRECTS + 1


def test_who_we_are_is_told_to_the_platform_and_not_to_where_it_leads():
    with server.running() as platform, server.running() as elsewhere:
        platform.says(Saying(status=302, headers={"Location": f"{elsewhere.url}/p.png"}))
        elsewhere.says(Saying(raw=PNG))

        media.fetch(platform.url, headers={"Authorization": "Bearer t"}, allowed=[platform.url, elsewhere.url])

    assert platform.asked[0].headers["Authorization"] == "Bearer t"
    assert "Authorization" not in elsewhere.asked[0].headers
