"""X: what each webhook and each listed post means; then our connector and the simulator's X, over HTTP."""

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Role
from inbox import crises, intake, moderation, platforms
from inbox.channels.calling import variables
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.models import Channel, Conversation, Gap, Message
from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Attachment,
    Author,
    BadSignature,
    Connection,
    Deed,
    Kind,
    Meter,
    Outgoing,
    OwnTurn,
    PostPublished,
    PostSeen,
    Reacted,
    Reason,
    Received,
    Removed,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Unrecognised,
)
from responses import outbox, replies
from responses.replies import Refused, Words
from tests.factories import DAY, MINUTE, SECOND, make_member, make_version
from tests.inbox.platforms.contract import (
    FIXTURES,
    SECRET,
    PlatformContract,
    body_of,
    events_in,
    events_of,
    fuzz,
    mutations,
    only,
)
from tests.inbox.platforms.server import Saying
from tests.inbox.wire import post
from tests.responses.queueing import queue

x, hooks = platforms.get("x"), platforms.family("x")
US, POST, MENTION = "1500000000000000501", "1860000000000000101", "1870000000000000201"
ACCESS, TOKEN = f"{US}-dev-x", f"{US}-dev-x-secret"
WHO = {"platform": "x", "channel_id": US}
JULIE = Author("1600000000000000077", "Julie Exemple")
AT, LATER = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC), datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
LONG = (
    "@vieuxquai J’ai lu votre page https://vieuxquai.example/grippe?a=1&b=2 & je me demande si le vaccin contre la grippe < 65 "
    "ans est gratuit cette année, et s’il faut prendre rendez-vous avant de passer. Merci !"
)


def seen(name: str, **more) -> PostSeen:
    return PostSeen(name, permalink=f"https://x.com/i/web/status/{name}", **more)


ASKED = Received(
    **WHO,
    external_id=MENTION,
    kind=Kind.COMMENT,
    thread=MENTION,
    text="@vieuxquai Êtes-vous ouverts lundi ?",
    at=AT,
    author=JULIE,
)
UNDER = replace(ASKED, external_id="1870000000000000202", thread=POST, parent=POST, text=LONG, post=seen(POST))
WORDS = "Ils sont gentils, et ils répondent ? https://t.co/QqQqQqQqQq"
QUOTE = replace(ASKED, external_id="1870000000000000203", thread="1870000000000000203", text=WORDS, post=seen(POST))
OURS = OwnTurn(
    **WHO,
    external_id="1880000000000000301",
    kind=Kind.COMMENT,
    thread=MENTION,
    parent=MENTION,
    text="@julieexemple Oui, jusqu’à 21 h.",
    at=LATER,
)
PUBLISHED = PostPublished(**WHO, post=seen(POST, text="La clinique de vaccination ouvre samedi.", published_at=AT))
IN_PRIVATE = replace(
    ASKED, external_id="954491830116155396", kind=Kind.MESSAGE, thread=JULIE.id, text="Bonjour", at=LATER + 10 * MINUTE
)
OURS_IN_PRIVATE = OwnTurn(
    **WHO,
    external_id="954491830116155397",
    kind=Kind.MESSAGE,
    thread=JULIE.id,
    text="Oui & mardi aussi",
    at=LATER + 11 * MINUTE,
)
PICTURE = replace(
    IN_PRIVATE,
    external_id="954491830116155398",
    text="Voici https://twitter.com/messages/media/954491830116155398",
    attachments=(Attachment("image"),),
)
GONE = Removed(**WHO, external_id=OURS.external_id, at=LATER)
EVENTS = {
    "mention": [ASKED],
    "reply_long": [UNDER],
    "quote": [QUOTE],
    "own_answer": [OURS],
    "own_post": [PUBLISHED],
    "own_thread": [
        PostPublished(**WHO, post=seen("1860000000000000102", text="Apportez votre carnet.", published_at=AT)),
    ],
    "repost": [Reacted(**WHO, external_id=POST, actor=JULIE, reaction="share", at=AT)],
    "like": [Reacted(**WHO, external_id=POST, actor=JULIE, reaction="like", at=LATER + 10 * MINUTE)],
    "deleted": [GONE],
    "direct_message": [IN_PRIVATE],
    "direct_message_own": [OURS_IN_PRIVATE],
    "direct_message_picture": [PICTURE],
}
KEPT_ASIDE = {"follow": US, "revoked": ""}
LISTED = {
    "mention": [ASKED],
    "reply_long": [UNDER],
    "quote": [QUOTE],
    "own_answer": [OURS],
    "own_post": [PUBLISHED],
    "repost": [],
}


def signature(secret: str, signed: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


class TestXContract(PlatformContract):
    platform, sample, junk = (
        "x",
        "mention",
        ("mention", "reply_long", "quote", "own_answer", "repost", "like", "deleted", "batch", "direct_message_picture"),
    )

    def headers(self, body, secret=SECRET):
        return {"x-twitter-webhooks-signature": signature(secret, body)}

    def changed(self, **values):
        body = json.loads(body_of("x", "mention"))
        body["tweet_create_events"][0] |= values
        return events_in("x", body)

    def with_time(self, moment):
        return self.changed(created_at=moment)

    def with_text(self, text):
        return self.changed(text=text)

    def with_id(self, external_id):
        return self.changed(id_str=external_id)

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE, "batch"])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_x_told(name):
    assert events_of("x", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_nobody_can_answer_is_kept_aside(name):
    event = only("x", name)
    assert isinstance(event, Unrecognised)
    assert event.channel_id == KEPT_ASIDE[name]


def test_what_cannot_be_read_hides_nothing_beside_it():
    first, odd, ours, gone, muted = events_of("x", "batch")
    assert (first, ours, gone) == (ASKED, OURS, replace(GONE, at=gone.at))
    assert isinstance(odd, Unrecognised)
    assert isinstance(muted, Unrecognised)


def test_a_link_is_written_as_its_author_wrote_it():
    links = [{"url": "https://t.co/a", "expanded_url": "https://a.example/?id=1&copy=2&lt=3"}]
    item = item_of("mention") | {"text": "R&amp;D &lt;ici&gt; https://t.co/a &amp;copy", "entities": {"urls": links}}
    [event] = x.read_listed(US, item)
    assert event.text == "R&D <ici> https://a.example/?id=1&copy=2&lt=3 &copy"


def item_of(name):
    return json.loads((FIXTURES / "x" / "listed" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", LISTED)
def test_a_listed_post_says_the_same_as_a_webhook(name):
    assert list(x.read_listed(US, item_of(name))) == LISTED[name]


@fuzz
@given(st.data())
def test_a_listed_post_with_any_part_replaced_is_read_or_unreadable(data):
    odd = data.draw(mutations(item_of(data.draw(st.sampled_from(list(LISTED))))))
    with suppress(wire.Unreadable):
        list(x.read_listed(US, wire.mapping(wire.clean(odd))))


# --- the greeting ----------------------------------------------------------------------------------------


def test_a_challenge_is_answered_with_its_signature():
    kind, body = hooks.handshake({"crc_token": "crc-123"}, secrets=["", "x-consumer-secret"], verify_tokens=[])
    assert kind == "application/json"
    assert json.loads(body) == {"response_token": "sha256=4mKrLfKI8f5phKFQ5iAWFyWLoRTEL4ov5ecy8kIJU9Y="}


@pytest.mark.parametrize("token", ["", "{}", '[{"a":1}]', body_of("x", "mention").decode(), "a" * 301, "a\n"])
def test_nobody_can_have_a_body_signed_by_asking_for_a_challenge(token):
    with pytest.raises(BadSignature):
        hooks.handshake({"crc_token": token}, secrets=[SECRET], verify_tokens=[])


def test_what_was_signed_as_a_challenge_is_no_delivery():
    with pytest.raises(BadSignature):
        hooks.verify({"X-Twitter-Webhooks-Signature": signature(SECRET, b"12")}, b"12", secrets=[SECRET], now=AT)


def test_without_a_secret_nothing_is_answered():
    with pytest.raises(BadSignature):
        hooks.handshake({"crc_token": "crc-123"}, secrets=[""], verify_tokens=[])


# --- how long --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("é’«»" * 10, 40),
        ("e\u0301", 1),
        ("21\u202fh", 5),
        ("🙏", 2),
        ("薬局", 4),
        ("Voir https://a.ca", 5 + 23),
        ("Voir a.ca, merci", 5 + 23 + 7),
        ("https://vieuxquai.example/une/page/tres/longue", 46),
    ],
)
def test_a_text_is_never_taken_for_shorter_than_x_counts_it(text, length):
    assert x.limit(Kind.COMMENT).length(text) == length


# --- what is refused, word for word ----------------------------------------------------------------------

PROBLEMS = "https://api.twitter.com/2/problems"
ANSWERS = [
    (401, {"title": "Unauthorized", "detail": "Unauthorized", "type": "about:blank"}, Reason.TOKEN_DEAD),
    (402, {"title": "CreditsDepleted", "type": f"{PROBLEMS}/credits"}, Reason.ACCOUNT_LOCKED),
    (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, Reason.DUPLICATE),
    (403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}, Reason.GONE),
    (403, {"detail": "Reply to this conversation is not allowed."}, Reason.NOT_ALLOWED),
    (403, {"detail": "Your account is suspended."}, Reason.ACCOUNT_LOCKED),
    (403, {"errors": [{"code": 326, "message": "This account is temporarily locked."}]}, Reason.ACCOUNT_LOCKED),
    (403, {"detail": "Not configured.", "type": f"{PROBLEMS}/oauth1-permissions"}, Reason.PERMISSION),
    (400, {"errors": [{"message": "text is missing"}], "title": "Invalid Request"}, Reason.INVALID),
    (404, {}, Reason.GONE),
    (418, {"errors": "odd", "detail": 3}, Reason.OTHER),
]


def near(platform, **more):
    return Connection(US, TOKEN, platform.url, client_id="key", app_secret="s", settings={"access_token": ACCESS}, **more)


def answer_to(comment, text="Oui, jusqu’à 21 h."):
    return Outgoing(kind=Kind.COMMENT, thread=comment, text=text, correlation="8f3a", reply_to=comment)


@pytest.mark.parametrize(("status", "said", "reason"), ANSWERS)
def test_refusals_have_their_reason(platform, status, said, reason):
    platform.says(Saying(said, status))
    with pytest.raises(SendRefused) as refused:
        x.send(answer_to(MENTION), near(platform))
    assert refused.value.reason is reason
    assert TOKEN not in str(refused.value)


def test_told_to_wait_we_wait_until_the_moment_that_x_names(platform):
    ends = int(datetime(2026, 11, 23, 17, 12, 5, tzinfo=UTC).timestamp())
    platform.says(Saying({"title": "Too Many Requests"}, 429, {"x-rate-limit-reset": str(ends)}))
    with pytest.raises(SendNotReached) as throttled:
        x.send(answer_to(MENTION), near(platform))
    assert (throttled.value.reason, throttled.value.retry_after) == (Reason.THROTTLED, 12 * MINUTE)


@pytest.mark.parametrize(("reset", "wait"), [("soon", None), ("-5", None), ("1795000000", SECOND), ("4000000000", DAY)])
def test_a_moment_that_no_window_of_x_ends_at_stops_nobody_for_good(platform, reset, wait):
    platform.says(Saying({}, 429, {"x-rate-limit-reset": reset}))
    with pytest.raises(SendNotReached) as throttled:
        x.send(answer_to(MENTION), near(platform))
    assert throttled.value.retry_after == wait


def test_how_much_of_the_window_is_used_is_passed_on(platform):
    meter = Meter()
    platform.says(
        Saying({"data": {"id": US, "name": "Quai"}}, 200, {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "75"})
    )
    x.identity(near(platform, meter=meter))
    assert meter.used == 75


def test_a_list_that_never_ends_is_none(platform):
    platform.says({"data": [], "meta": {"next_token": "again"}})
    with pytest.raises(SendNotReached):
        list(x.listing(near(platform), AT, []))


# --- our connector and the simulator ---------------------------------------------------------------------


@pytest.fixture
def there(fresh, settings):
    settings.X_API_URL = fresh.url
    settings.X_CONSUMER_KEY, settings.X_CONSUMER_SECRET = "dev-x-consumer-key", ["dev-x-consumer-secret"]
    settings.X_WEBHOOK_ID = "1860000000000000001"
    return fresh


@pytest.fixture
def connection(there):
    address = x.address(variables(), {})
    told = {each.name: getattr(address, each.name) for each in fields(address)}
    return Connection(US, TOKEN, **told, settings={"access_token": ACCESS})


@pytest.fixture
def desk(db, there, sign_in, place):
    return sign_in(make_member(place.organization, Role.ADMIN))


@pytest.fixture
def channel(desk, place):
    asked = {"platform": "x", "location": place.pk, "external_id": US, "token": TOKEN, "access_token": ACCESS}
    assert desk.post(reverse("channels:connect"), asked).status_code == 302
    Channel.objects.update(connected_at=timezone.now() - DAY)
    return Channel.objects.get()


@pytest.fixture
def hear(sink, drained, client):
    """hear() hands on to our receiver what X sent meanwhile, and takes it in; says with what each was answered."""

    def now_and_then(after=SECOND):
        drained()
        told, sink.received = list(sink.received), []
        answers = [post(client, each.body, each.headers, each.path) for each in told]
        intake.drain(now=timezone.now() + after)
        return answers

    return now_and_then


def test_it_is_connected_by_the_form_and_asks_for_its_webhooks(channel):
    assert (channel.name, channel.token, channel.settings) == ("Pharmacie du Vieux-Quai", TOKEN, {"access_token": ACCESS})
    assert checks.check_now(channel, now=timezone.now())
    channel.refresh_from_db()
    assert (channel.subscribed, channel.quota_used) == (True, 10)


@pytest.mark.parametrize("more", [{"token": "wrong"}, {"access_token": "wrong"}, {"external_id": "1500000000000000999"}])
def test_a_foreign_key_connects_nothing(desk, place, more):
    asked = {"platform": "x", "location": place.pk, "external_id": US, "token": TOKEN, "access_token": ACCESS} | more
    assert desk.post(reverse("channels:connect"), asked).status_code == 422
    assert not Channel.objects.exists()


def test_somebody_asks_is_answered_and_the_wait_ends(channel, there, hear, ana):
    there.comment(US, "Êtes-vous ouverts lundi & mardi ?", post=POST)
    assert hear() == [200]
    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.contact.name) == ("@vieuxquai Êtes-vous ouverts lundi & mardi ?", "Julie Exemple")
    assert conversation.post.external_id == POST
    assert conversation.due_at

    now = timezone.now()
    reply = queue(conversation, ana, now=now)
    assert outbox.deliver(reply.pk, now=now + MINUTE) == "sent"

    [sent] = there.replies(page=US)
    assert sent["text"] == reply.text
    assert hear() == [200], "and tells us of it"
    assert Message.objects.get(direction="out").external_id == sent["id"]
    assert Conversation.objects.get().waits.get().outcome == "answered"


def test_a_private_message_is_taken_in_and_answered_in_the_app_of_x(channel, there, hear, ana):
    there.message(US, "Vous livrez & à quelle heure ? https://a.example/?b=1&copy=2", at=timezone.now() - MINUTE)
    assert hear() == [200]
    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.thread_id) == ("message", conversation.contact.external_id)
    assert conversation.preview == "Vous livrez & à quelle heure ? https://a.example/?b=1&copy=2"
    assert (conversation.contact.name, conversation.channel) == ("Julie Exemple", channel)
    assert conversation.due_at

    said = Words(version=make_version(channel.organization, body_fr="Merci.", body_en="Thank you."), language="fr")
    with translation.override("en"), pytest.raises(Refused) as refusal:
        replies.compose(conversation, by=ana, now=timezone.now(), words=said)
    assert "not answered from here" in " ".join(refusal.value.problems)
    assert "the platform’s own app" in " ".join(refusal.value.problems)

    there.native_message(US, "Oui, avant 17 h.")
    hear()
    assert Conversation.objects.get().waits.get().outcome == "answered"
    assert Message.objects.get(direction="out").text == "Oui, avant 17 h."


def test_a_danger_in_a_private_message_is_one(channel, there, hear):
    there.message(US, "J’en peux plus, je veux mourir")
    hear()
    assert crises.attend(now=timezone.now())
    assert Conversation.objects.get().crises.open().get().type == "self_harm"


@pytest.mark.parametrize("odd", [{"type": "other"}, {"id": None}, {"message_create": {"sender_id": "1", "target": {}}}])
def test_a_private_message_that_is_none_or_not_ours_is_kept_aside(odd):
    body = json.loads(body_of("x", "direct_message"))
    body["direct_message_events"][0] |= odd
    [event] = events_in("x", body)
    assert isinstance(event, Unrecognised)


def test_what_follows_an_answer_stays_in_its_thread(channel, there, hear):
    asked = there.publish(US, "@vieuxquai Bonjour, ouverts ?", author="Julie Exemple", kind="mention")["id"]
    ours = there.native_comment(US, "Oui !", post=asked)["id"]
    there.comment(US, "Merci !", parent=ours)
    hear()
    conversation = Conversation.objects.get()
    assert conversation.thread_id == asked
    assert sorted(conversation.messages.values_list("direction", flat=True)) == ["in", "in", "out"]


def test_what_is_not_signed_by_x_is_not_taken(channel, there, hear):
    there.fault("bad_signature", platform="x", value=1)
    there.comment(US, "Bonjour ?", post=POST)
    assert hear() == [403]
    assert not Conversation.objects.exists()


def test_what_we_delete_there_is_told(channel, there, hear):
    there.comment(US, "Ouverts ?", post=POST)
    hear()
    ours = there.native_comment(US, "Non.", parent=Message.objects.get().external_id)["id"]
    hear()
    there.remove_comment(ours)
    hear()
    assert Message.objects.get(direction="out").removed_at


def look(channel, after=5 * MINUTE):
    now = timezone.now() + after
    Channel.objects.filter(pk=channel.pk).update(list_at=now)
    found = reconciliation.compare(channel.pk, now=now)
    intake.drain(now=now)
    return found


def test_what_no_webhook_told_is_found_by_looking_and_what_is_gone_too(channel, there, hear):
    there.fault("drop", platform="x", count=1)
    lost = there.comment(US, "Ouverts ?", post=POST)["id"]
    hear()
    assert look(channel) == 2, "the question, and our own post"
    assert (Conversation.objects.get().preview, Gap.objects.get().kind) == ("@vieuxquai Ouverts ?", "missing")
    assert Conversation.objects.get().post.text == "La clinique de vaccination ouvre samedi."

    there.remove_comment(lost)
    look(channel, DAY)
    assert Message.objects.get().removed_at


def test_who_did_not_call_us_cannot_be_answered_and_the_team_is_told_so(channel, there, hear, ana):
    there.comment(US, "Ils sont nuls", post=POST, extra={"unasked": True})
    hear()
    reply, now = queue(Conversation.objects.get(), ana, now=timezone.now()), timezone.now()
    assert outbox.deliver(reply.pk, now=now + MINUTE) == "failed"
    reply.refresh_from_db()
    channel.refresh_from_db()
    assert (reply.error_code, channel.problem) == (Reason.NOT_ALLOWED, ""), "of this one alone"
    assert there.replies(page=US) == []


def test_a_reply_is_hidden_and_shown_again(channel, there, hear, place):
    there.comment(US, "Publicité !", post=POST)
    hear()
    judge, message = make_member(place.organization, Role.MANAGER, locations=[place]), Message.objects.get()
    for action, hidden in ((Action.HIDE, True), (Action.UNHIDE, False)):
        now = timezone.now()
        asked = moderation.ask(message.conversation, message, action, by=judge, now=now)
        moderation.do(asked.pk, now=now)
        message.refresh_from_db()
        [shown] = there.state(US)["pages"][0]["comments"]
        assert (message.hidden, shown["hidden"]) == (hidden, hidden)


# --- call by call ----------------------------------------------------------------------------------------


@pytest.fixture
def comment(there):
    return there.comment(US, "Êtes-vous ouverts ?", post=POST)["id"]


def read(connection, since=timedelta(hours=1)):
    items = x.listing(connection, datetime.now(UTC) - since, [])
    return [event for item in items for event in x.read_listed(US, item)]


def test_a_list_of_any_length_is_read_whole_and_what_is_old_is_not(there, connection):
    there.comment(US, "Ancien", post=POST, at=datetime.now(UTC) - timedelta(days=2))
    for number in range(103):
        there.comment(US, f"Moi {number}", author=f"Personne {number}", post=POST)
    told = [event for event in read(connection) if isinstance(event, Received)]
    assert {event.text for event in told} == {f"@vieuxquai Moi {number}" for number in range(103)}
    assert {event.author.name for event in told} == {f"Personne {number}" for number in range(103)}


def test_what_is_told_is_what_is_listed(there, connection, sink, drained):
    long = "Bonjour, est-ce que " + "vraiment " * 20 + "https://vieuxquai.example/?a=1&b=2 est à jour ?"
    asked = there.comment(US, long, post=POST)["id"]
    there.native_comment(US, "Oui < demain", parent=asked)
    drained()
    told = [event for each in sink.received for event in hooks.parse(each.body, received_at=AT)]
    listed = [event for event in read(connection) if not isinstance(event, PostPublished)]
    assert sorted(told, key=lambda event: event.external_id) == sorted(listed, key=lambda event: event.external_id)
    assert told[0].text == f"@vieuxquai {long}"


@pytest.mark.parametrize("kind", ["error_after_accept", "drop_after_accept", "cut_mid_answer", "no_id"])
def test_an_answer_in_doubt_is_found_and_stands_there_once(there, connection, comment, kind):
    since, said = datetime.now(UTC) - timedelta(seconds=2), "Oui, voyez vieuxquai.example ou https://a.ca/b & appelez"
    there.fault(kind, platform="x", count=1)
    with pytest.raises(SendUncertain):
        x.send(answer_to(comment, said), connection)

    found = x.find_sent(answer_to(comment, said), connection, since)

    assert [each["id"] for each in there.replies(page=US)] == [found.external_id]
    assert x.find_sent(answer_to(comment, "Autre chose"), connection, since) is None
    with pytest.raises(SendRefused) as refused:
        x.send(answer_to(comment, said), connection)
    assert refused.value.reason is Reason.DUPLICATE


REFUSALS = [
    ("refuse", "unasked", Reason.NOT_ALLOWED),
    ("refuse", "", Reason.NOT_ALLOWED),
    ("gone", "", Reason.GONE),
    ("token_dead", "", Reason.TOKEN_DEAD),
    ("refuse_429", ":3", Reason.THROTTLED),
]


@pytest.mark.parametrize(("kind", "value", "reason"), REFUSALS)
def test_refusals_are_understood_and_leave_nothing_behind(there, connection, comment, kind, value, reason):
    there.fault(kind, platform="x", value=value)
    with pytest.raises((SendRefused, SendNotReached)) as refused:
        x.send(answer_to(comment), connection)
    assert refused.value.reason is reason
    if reason is Reason.THROTTLED:
        assert timedelta(minutes=2) < refused.value.retry_after <= timedelta(minutes=3)
    assert there.replies(page=US) == []


def test_too_long_an_answer_does_not_even_leave(there, connection, comment):
    with pytest.raises(SendRefused) as refused:
        x.send(answer_to(comment, "é" * 281), connection)
    assert refused.value.reason is Reason.TOO_LONG
    with pytest.raises(SendRefused):
        x.send(replace(answer_to(comment), kind=Kind.MESSAGE), connection)


def test_our_answer_is_taken_back_twice_without_harm_and_then_is_gone(there, connection, comment):
    sent = x.send(answer_to(comment), connection)
    deed = Deed(action=Action.DELETE, kind=Kind.COMMENT, thread=comment, external_id=sent.external_id)
    assert x.still_there(sent.external_id, Kind.COMMENT, connection)
    for _time in range(2):
        x.act(deed, connection)
    assert not x.still_there(sent.external_id, Kind.COMMENT, connection)


def test_only_in_what_we_began_can_something_be_hidden(there, connection):
    theirs = there.publish(US, "Ma tournée", author="Autre", kind="mention")["id"]
    reply = there.comment(US, "Et vous ?", post=theirs)["id"]
    with pytest.raises(SendRefused) as refused:
        x.act(Deed(action=Action.HIDE, kind=Kind.COMMENT, thread=theirs, external_id=reply), connection)
    assert refused.value.reason is Reason.NOT_ALLOWED


def test_a_receiver_proves_itself_when_the_app_registers_it(there, live_server, settings):
    def register(url, token="dev-x-app-token"):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{there.url}/2/webhooks", json={"url": url}, headers=headers, timeout=10).status_code

    assert register(f"{live_server.url}/hooks/x/") == 200
    assert register(f"{live_server.url}/hooks/x/", "another") == 401
    settings.X_CONSUMER_SECRET = ["not the app's"]
    assert register(f"{live_server.url}/hooks/x/") == 400
