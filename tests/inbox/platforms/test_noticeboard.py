"""A platform of our invention: all that it is stands in this file, and one line registers it. Everything else must follow."""

import json
import runpy
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.conf import settings as ours
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox import intake, platforms
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.keeping import retention
from inbox.models import Channel, Conversation, Delivery, Gap, Message
from inbox.platforms import http, signing, wire
from inbox.platforms.base import (
    Address,
    BadSignature,
    Connector,
    Family,
    Field,
    Kind,
    Limit,
    OwnTurn,
    Received,
    Retention,
    Sent,
    Unrecognised,
    Variable,
)
from inbox.templatetags.screen import icon, platform_icon
from responses import outbox
from tests.factories import DAY, MINUTE, SECOND, make_member
from tests.inbox.platforms import server
from tests.inbox.wire import post
from tests.responses.queueing import queue

pytestmark = pytest.mark.django_db
SECRET, TOKEN, BOARD = "secret-of-the-board", "token-of-the-board", "b-1001"


class NoticeboardHooks(Family):
    slug = "noticeboard"
    variables = (Variable("NOTICEBOARD_SECRET", "secrets"),)

    def secrets(self, variables):
        return variables["NOTICEBOARD_SECRET"]

    def verify(self, headers, body, *, secrets, now):
        given = signing.header(headers, "X-Board-Signature")
        if not any(signing.equal(given, signing.digest(secret, body)) for secret in signing.usable(secrets)):
            raise BadSignature("noticeboard")
        return "sha256"

    def parse(self, body, *, received_at):
        told = wire.mapping(wire.load(body))
        try:
            yield turn(wire.identifier(told.get("board")), wire.mapping(told.get("comment")))
        except wire.Unreadable as problem:
            yield Unrecognised(platform="noticeboard", channel_id="", raw=told, reason=str(problem))


def turn(board, comment):
    external_id, parent = wire.required(comment.get("id"), "comment id"), wire.identifier(comment.get("parent"))
    who = {"platform": "noticeboard", "channel_id": board, "external_id": external_id, "kind": Kind.COMMENT}
    place = {"thread": parent or external_id, "parent": parent, "at": wire.seconds(comment.get("at"))}
    if comment.get("own"):
        return OwnTurn(**who, **place, text=wire.text(comment.get("text")))
    return Received(**who, **place, text=wire.text(comment.get("text")), author=wire.author(comment.get("author")))


class Noticeboard(Connector):
    slug = "noticeboard"
    label = "Noticeboard"
    family = "noticeboard"
    kinds = (Kind.COMMENT,)
    fields = (Field("district", "District"),)
    variables = (Variable("NOTICEBOARD_URL", "url", default="https://board.example"),)
    retention = Retention(words=timedelta(days=30))

    def address(self, variables, settings):
        return Address(variables["NOTICEBOARD_URL"])

    def limit(self, kind):
        return Limit(500, "characters")

    def send(self, message, connection):
        said = {"parent": message.reply_to, "text": message.text, "district": connection.settings["district"]}
        answer = http.write("POST", f"{connection.base_url}/comments", token=connection.token, json=said)
        return Sent(http.sent_id(answer.data.get("id")), answer.at)

    def identity(self, connection):
        return http.get(f"{connection.base_url}/board", token=connection.token).data["name"]

    def listing(self, connection, since, posts):
        yield from http.get(f"{connection.base_url}/comments", token=connection.token).data["comments"]

    def read_listed(self, channel_id, item):
        yield turn(channel_id, item)


class Board(server.Platform):
    """The other side."""

    def __init__(self, running):
        self.running, self.comments = running, []
        running.says(self.answer)

    def answer(self, asked):
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return server.Saying({}, status=401)
        if asked.method == "POST":
            return server.Saying({"id": "900"}, status=201, headers={"Date": format_datetime(timezone.now(), usegmt=True)})
        return server.Saying({"name": "The board of the corner", "comments": self.comments})


@pytest.fixture
def board(monkeypatch, settings):
    # The one line.
    monkeypatch.setattr(platforms, "PLATFORMS", (*platforms.PLATFORMS, (Noticeboard(), NoticeboardHooks())))
    with server.running() as running:
        settings.NOTICEBOARD_SECRET, settings.NOTICEBOARD_URL = [SECRET], running.url
        yield Board(running)


@pytest.fixture
def desk(board, sign_in, place):
    return sign_in(make_member(place.organization, Role.ADMIN))


@pytest.fixture
def page(desk, place):
    """Connected by the form, as any."""
    given = {"platform": "noticeboard", "location": place.pk, "external_id": BOARD, "token": TOKEN, "district": "Old Quay"}
    assert desk.post(reverse("channels:connect"), given).status_code == 302
    return Channel.objects.get()


def comment(number="812", text="Are you open on Monday?", **more):
    at = int((timezone.now() - 30 * MINUTE).timestamp())
    return {"id": number, "parent": "", "text": text, "at": at, "author": {"id": "77", "name": "Julie Exemple"}} | more


def tell(client, said, secret=SECRET):
    body = json.dumps({"board": BOARD, "comment": said}).encode()
    return post(client, body, {"X-Board-Signature": signing.digest(secret, body)}, "/hooks/noticeboard/")


def test_its_settings_are_read_from_the_environment(board, monkeypatch):
    monkeypatch.setenv("NOTICEBOARD_SECRET", "one, two")

    read = runpy.run_path(str(ours.BASE_DIR / "config" / "settings.py"))

    assert (read["NOTICEBOARD_SECRET"], read["NOTICEBOARD_URL"]) == (["one", "two"], "https://board.example")


def test_its_form_asks_what_it_needs_and_a_foreign_token_connects_nothing(desk, place):
    asked = {"platform": "noticeboard", "location": place.pk}

    assert "District" in desk.get(reverse("channels:connect"), asked).text
    given = asked | {"external_id": BOARD, "token": "wrong", "name": "Board"}
    assert desk.post(reverse("channels:connect"), given).status_code == 422
    assert not Channel.objects.exists()


def test_it_is_connected_and_shown_by_its_name(desk, page):
    assert (page.name, page.settings, page.token) == ("The board of the corner", {"district": "Old Quay"}, TOKEN)
    assert "Noticeboard" in desk.get(reverse("channels:list")).text


def test_what_it_signs_arrives_and_what_it_did_not_sign_does_not(page, client):
    assert tell(client, comment(), secret="another") == 403
    assert tell(client, comment()) == 200
    assert tell(client, comment()) == 200
    intake.drain(now=timezone.now())

    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.preview, conversation.contact.name) == (
        page,
        "Are you open on Monday?",
        "Julie Exemple",
    )
    assert conversation.due_at


def test_it_stands_in_the_list_with_a_drawing_although_it_brought_none(desk, page, client):
    tell(client, comment())
    intake.drain(now=timezone.now())

    text = desk.get(reverse("inbox:list")).text

    assert "Are you open on Monday?" in text
    assert "icons.svg#platform-website" in text
    assert "icons.svg#platform-noticeboard" not in text


def test_a_platform_may_have_the_name_of_any_other_drawing():
    assert "#bell" in icon("bell")
    assert "#platform-website" in platform_icon("bell")


def test_an_answer_reaches_it_and_ends_the_wait(page, client, ana, board):
    tell(client, comment(text="Êtes-vous ouverts lundi?"))
    now = timezone.now()
    intake.drain(now=now)
    reply = queue(Conversation.objects.get(), ana, now=now)

    assert outbox.deliver(reply.pk, now=now + MINUTE) == "sent"

    sent = board.running.asked[-1].json
    assert (sent["parent"], sent["district"]) == ("812", "Old Quay")
    assert Conversation.objects.get().waits.get().outcome == "answered"
    assert Message.objects.get(direction="out").external_id == "900"


def test_what_its_webhooks_did_not_tell_is_found_by_looking(page, board):
    board.comments = [comment("813", "And on Tuesday?")]
    now = timezone.now() + SECOND
    Channel.objects.update(list_at=now, connected_at=now - 2 * DAY)

    reconciliation.compare(page.pk, now=now)
    intake.drain(now=now)

    assert Conversation.objects.get().preview == "And on Tuesday?"
    assert Gap.objects.get().kind == "missing"


def test_it_is_watched_over(page, board):
    now = timezone.now() + SECOND
    assert checks.check_now(page, now=now)

    board.running.says(server.Saying({}, status=500))

    assert not checks.check_now(page, now=now + MINUTE)


def test_its_words_and_raw_bodies_are_let_go_of_in_its_own_time(page, client):
    tell(client, comment())
    now = timezone.now()
    intake.drain(now=now)

    retention.purge(now=now + 29 * DAY)
    kept = Message.objects.get().text
    retention.purge(now=now + 31 * DAY)

    assert (kept, Message.objects.get().text) == ("Are you open on Monday?", "")
    assert Delivery.objects.get(endpoint="noticeboard").erased_at
