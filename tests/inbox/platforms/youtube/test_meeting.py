"""Our connector and the simulator's YouTube, over HTTP: by the form, the clock, the inbox and the outbox, and call by call."""

import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox import intake, moderation, platforms
from inbox.channels.calling import variables
from inbox.channels.gaps import reconciliation
from inbox.models import Channel, Conversation, Gap, Message, SpentUnits
from inbox.platforms.base import (
    Action,
    Connection,
    Deed,
    Kind,
    Outgoing,
    OwnTurn,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    SendUncertain,
)
from inbox.platforms.youtube import calls, listing
from responses import outbox
from tests.factories import DAY, HOUR, MINUTE, SECOND, make_member
from tests.responses.queueing import queue
from tests.simulator.browsing import Browser

pytestmark = pytest.mark.django_db
youtube = platforms.get("youtube")
CHANNEL, REFRESH, ACCESS = "UC0000000000000000900501", "dev-refresh-youtube-quai", "dev-token-youtube-quai"
VIDEO = "vq900501aaa"


@pytest.fixture
def there(fresh, settings):
    """The simulator stands where the settings say that YouTube and Google are."""
    calls.looks.forget()
    settings.YOUTUBE_API_URL = settings.GOOGLE_TOKEN_URL = fresh.url
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = "dev-google-client", "dev-google-client-secret"
    return fresh


# --- from the form to the end of a wait ----------------------------------------------------------------


@pytest.fixture
def desk(there, sign_in, place):
    return sign_in(make_member(place.organization, Role.ADMIN))


@pytest.fixture
def channel(desk, place):
    given = {"platform": "youtube", "location": place.pk, "external_id": f"https://www.youtube.com/channel/{CHANNEL}"}
    assert desk.post(reverse("channels:connect"), given | {"token": REFRESH}).status_code == 302
    Channel.objects.update(
        connected_at=timezone.now() - DAY
    )  # YouTube counts whole seconds: what is written in this one is no history
    return Channel.objects.get()


@pytest.fixture
def look(channel):
    """look() compares the channel as the clock would, and takes in what was found."""

    def now_and_then(after=2 * SECOND):
        now = timezone.now() + after
        Channel.objects.filter(pk=channel.pk).update(list_at=now)
        found = reconciliation.compare(channel.pk, now=now)
        intake.drain(now=now)
        return found

    return now_and_then


def test_it_is_connected_by_the_form_and_waits_for_a_first_comment(desk, channel, look, there):
    assert (channel.name, channel.external_id, channel.token) == ("Pharmacie du Vieux-Quai", CHANNEL, REFRESH)
    started = reverse("channels:started", args=[channel.pk])
    assert "every 10 min, Comptoir looks for new comments" in desk.get(started).text

    there.comment(CHANNEL, "Êtes-vous ouverts ?")
    look()

    assert Conversation.objects.get().get_absolute_url() in desk.get(started).text


@pytest.mark.parametrize("more", [{"token": "wrong"}, {"external_id": "UC0000000000000000000001"}])
def test_who_was_not_given_the_consent_connects_nothing(desk, place, more):
    given = {"platform": "youtube", "location": place.pk, "external_id": CHANNEL, "token": REFRESH} | more
    assert desk.post(reverse("channels:connect"), given).status_code == 422
    assert not Channel.objects.exists()


def test_a_customer_writes_is_answered_and_sees_it_and_the_wait_ends(channel, look, there, ana, sink, drained):
    browser = Browser(there.url)
    home = re.search(rf'href="(/pages/\d+/)">[^<]+</a> <br><code>{CHANNEL}<', browser.get("/"))[1]
    browser.post(f"{home}comment/", browser.get(home), author="Julie Exemple", text="Êtes-vous ouverts lundi ?")
    assert look() == 1
    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.contact_name) == ("Êtes-vous ouverts lundi ?", "@julieexemple")
    assert conversation.post.text.startswith("Bien utiliser sa pompe")
    assert conversation.due_at

    now = timezone.now()
    reply = queue(conversation, ana, now=now)
    assert outbox.deliver(reply.pk, now=now + MINUTE) == "sent"

    [sent] = there.replies(page=CHANNEL)
    assert Message.objects.get(direction="out").external_id == sent["id"]
    assert Conversation.objects.get().waits.get().outcome == "answered"
    assert reply.text in browser.get(home).replace("&#x27;", "'")
    assert look(3 * MINUTE) == 0, "what we said ourselves is no news"
    drained()
    assert sink.received == [], "it tells nothing by itself"
    assert set(Gap.objects.values_list("cause", flat=True)) == {"never_told"}
    browser.http.close()


def test_what_was_said_in_youtube_itself_ends_the_wait_too(look, there):
    asked = there.comment(CHANNEL, "Êtes-vous ouverts ?", at=timezone.now() - 5 * MINUTE)["id"]
    there.native_comment(CHANNEL, "Oui.", parent=asked)
    look()
    assert (Conversation.objects.get().waits.get().ended_by, Message.objects.count()) == ("native", 2)


@pytest.mark.parametrize(("action", "state"), [(Action.APPROVE, "approved"), (Action.REJECT, "rejected")])
def test_what_is_held_for_review_is_published_or_rejected(channel, look, there, place, action, state):
    there.configure(youtube_holds=True)
    there.comment(CHANNEL, "Voir mon site ?")
    look()
    message = Message.objects.get()
    assert message.moderation == "pending"

    judge, now = make_member(place.organization, Role.MANAGER, locations=[place]), timezone.now()
    asked = moderation.ask(message.conversation, message, action, by=judge, now=now)
    moderation.do(asked.pk, now=now)

    message.refresh_from_db()
    assert message.moderation == state
    [shown] = [each for page in there.state(CHANNEL)["pages"] for each in page["comments"]]
    assert shown["hidden"] is (action is Action.REJECT)
    assert look(3 * MINUTE) == 0
    message.refresh_from_db()
    assert (message.moderation, message.removed_at) == (state, None)


def test_what_was_published_edited_or_removed_there_is_seen(look, there):
    there.configure(youtube_holds=True)
    names = [there.comment(CHANNEL, text)["id"] for text in ("Un", "Deux", "Trois")]
    look()
    there.unhide_comment(names[0])
    there.edit_comment(names[1], "Deux, et demi")
    there.remove_comment(names[2])
    look(3 * MINUTE)

    one, two, three = (Message.objects.get(external_id=name) for name in names)
    assert (one.moderation, two.text, bool(three.removed_at)) == ("approved", "Deux, et demi", True)


def test_when_the_units_are_used_up_the_channel_waits_for_midnight_in_california(channel, look, there):
    there.configure(youtube_daily_units=1)
    look()
    channel.refresh_from_db()
    there_it_is = channel.throttled_until.astimezone(calls.PACIFIC)
    assert (there_it_is.hour * 60 + there_it_is.minute) in (0, 1)
    assert channel.throttled_until < timezone.now() + DAY + MINUTE


def test_the_channels_page_says_what_the_day_took_by_reading_and_by_writing(desk, channel, look, settings, there, ana):
    settings.YOUTUBE_DAILY_UNITS = 200
    there.comment(CHANNEL, "Bonjour ?")
    look()
    by_reading = SpentUnits.objects.total()
    assert 4 <= by_reading <= 10, "to connect it, to check it, two lists and a title"

    now = timezone.now()
    outbox.deliver(queue(Conversation.objects.get(), ana, now=now).pk, now=now + MINUTE)

    assert SpentUnits.objects.total() == by_reading + 51
    page = desk.get(reverse("channels:page", args=[channel.pk])).text
    assert f"<dd>{(by_reading + 51) // 2} %</dd>" in page


def test_whatever_process_sends_a_look_knows_of_it_and_comes_more_rarely(channel, look, there, ana, settings):
    there.comment(CHANNEL, "Bonjour ?")
    look()
    settings.YOUTUBE_DAILY_UNITS = 100
    now = timezone.now()
    outbox.deliver(queue(Conversation.objects.get(), ana, now=now).pk, now=now + MINUTE)
    calls.looks.forget()  # another process knows nothing of it

    look(3 * MINUTE)

    channel.refresh_from_db()
    assert channel.list_at - channel.listed_at >= 2 * youtube.list_every


@pytest.fixture
def old_thread(look, there, monkeypatch):
    """The id of one that began long before what a look lists; a question of today in it is answered; it stands on a far page."""
    monkeypatch.setattr(listing, "AT_ONCE", "2")
    long_ago = timezone.now() - 40 * DAY
    root = there.comment(CHANNEL, "Faites-vous les vaccins ?", at=long_ago)["id"]
    there.comment(CHANNEL, "Toujours ?", author="Marc Exemple", parent=root)
    there.native_comment(CHANNEL, "Oui, sur rendez-vous.", parent=root)
    look()
    for day in range(1, 5):
        there.comment(CHANNEL, f"Une autre question {day}", at=long_ago + day * DAY)
    return root


def test_what_is_said_late_in_an_old_thread_is_found(old_thread, look, there):
    late = there.comment(CHANNEL, "Et le dimanche ?", author="Nadia Tardive", parent=old_thread)["id"]

    assert look(2 * HOUR) == 1

    found = Message.objects.get(external_id=late)
    assert (found.conversation.thread_id, found.conversation.contact_name) == (old_thread, "@nadiatardive")
    assert found.conversation.due_at


def test_an_old_thread_is_asked_for_once_an_hour_and_where_it_is_gone_nothing_fails(old_thread, channel, look, there):
    spent = SpentUnits.objects.total
    before = spent()
    look(2 * HOUR)
    assert spent() - before == 3, "two lists, one thread"
    look(2 * HOUR + 10 * MINUTE)
    assert spent() - before == 5
    there.remove_comment(old_thread)

    look(4 * HOUR)

    channel.refresh_from_db()
    assert (channel.list_problem, channel.listed_at > timezone.now() + 3 * HOUR) == ("", True)


# --- call by call --------------------------------------------------------------------------------------


@pytest.fixture
def connection(there):
    address = youtube.address(variables(), {})
    return Connection(CHANNEL, REFRESH, **{each.name: getattr(address, each.name) for each in fields(address)})


def heard(connection, since=timedelta(hours=1)):
    items = youtube.listing(connection, datetime.now(UTC) - since, [])
    return [event for item in items for event in youtube.read_listed(CHANNEL, item)]


def answer_to(comment, text="Oui, jusqu’à 21 h."):
    return Outgoing(kind=Kind.COMMENT, thread=comment, text=text, correlation="8f3a", reply_to=comment, post_id=VIDEO)


@pytest.fixture
def comment(there):
    return there.comment(CHANNEL, "Êtes-vous ouverts ?", post=VIDEO)["id"]


def test_threads_of_any_length_are_read_whole_and_what_is_old_is_not(there, connection):
    there.comment(CHANNEL, "Ancien", at=datetime.now(UTC) - timedelta(days=2))
    root = there.comment(CHANNEL, "Combien êtes-vous ?")["id"]
    for number in range(7):
        there.comment(CHANNEL, f"Moi {number}", author=f"Personne {number}", parent=root)
    there.native_comment(CHANNEL, "Beaucoup !", parent=root)

    told = heard(connection)

    assert len(told) == 9
    assert {type(event) for event in told} == {Received, OwnTurn}
    assert {event.thread for event in told} == {root}


def test_a_video_of_another_channel_that_names_ours_is_told_from_our_own(there, connection):
    post = there.publish(CHANNEL, "Ma tournée des pharmacies", author="Autre Chaîne", kind="mention")["id"]
    there.comment(CHANNEL, "Belle équipe !", post=post)
    [event] = heard(connection)
    assert (event.post.kind, event.moderation) == ("mention", "")


@pytest.mark.parametrize("kind", ["error_after_accept", "drop_after_accept", "cut_mid_answer", "no_id"])
def test_an_answer_in_doubt_is_found_and_stands_there_once(there, connection, comment, kind):
    since = datetime.now(UTC) - timedelta(seconds=2)
    there.fault(kind, platform="youtube", count=1)
    with pytest.raises(SendUncertain):
        youtube.send(answer_to(comment), connection)

    found = youtube.find_sent(answer_to(comment), connection, since)

    assert [each["id"] for each in there.replies(page=CHANNEL)] == [found.external_id]


def test_an_answer_that_never_arrived_is_not_found(there, connection, comment):
    there.fault("drop_connection", platform="youtube", count=1)
    with pytest.raises((SendUncertain, SendNotReached)):
        youtube.send(answer_to(comment), connection)
    assert youtube.find_sent(answer_to(comment), connection, datetime.now(UTC) - timedelta(minutes=1)) is None


REFUSALS = [
    ("refuse", "", Reason.PERMISSION),
    ("refuse", "commentsDisabled", Reason.NOT_ALLOWED),
    ("refuse", "ineligibleAccount", Reason.UNVERIFIED),
    ("gone", "", Reason.GONE),
    ("token_dead", "", Reason.TOKEN_DEAD),
    ("refuse_429", "", Reason.THROTTLED),
    ("refuse_429", "quotaExceeded", Reason.THROTTLED),
]


@pytest.mark.parametrize(("kind", "value", "reason"), REFUSALS)
def test_refusals_are_understood_and_leave_nothing_behind(there, connection, comment, kind, value, reason):
    there.fault(kind, platform="youtube", value=value)
    with pytest.raises((SendRefused, SendNotReached)) as refused:
        youtube.send(answer_to(comment), connection)
    assert refused.value.reason is reason
    assert there.replies(page=CHANNEL) == []


def test_a_dead_hour_is_followed_by_another(there, connection, comment):
    youtube.send(answer_to(comment), connection)
    there.fault("token_dead", platform="youtube", count=1)
    youtube.send(answer_to(comment, "Et dimanche aussi."), connection)
    assert len(there.replies(page=CHANNEL)) == 2


def test_a_consent_to_something_else_of_googles_opens_nothing_here(there, connection, comment):
    another = Connection(CHANNEL, "dev-refresh-google-quai", connection.base_url, **_app(connection))
    with pytest.raises(SendRefused) as refused:
        youtube.identity(another)
    assert refused.value.reason is Reason.PERMISSION


def _app(connection):
    return {name: getattr(connection, name) for name in ("app_secret", "client_id", "login_url")}


def test_where_comments_are_closed_no_answer_is_taken(there, connection):
    closed = there.publish(CHANNEL, "Une vieille vidéo", extra={"closed": True})["id"]
    comment = there.comment(CHANNEL, "Trop tard ?", post=closed)["id"]
    with pytest.raises(SendRefused) as refused:
        youtube.send(answer_to(comment), connection)
    assert refused.value.reason is Reason.NOT_ALLOWED


def test_our_own_words_are_corrected_and_taken_back_twice_without_harm(there, connection, comment):
    sent = youtube.send(answer_to(comment), connection)
    deed = {"kind": Kind.COMMENT, "thread": comment, "external_id": sent.external_id}
    youtube.act(Deed(action=Action.EDIT, text="Oui, jusqu’à 22 h.", **deed), connection)
    assert [event.text for event in heard(connection) if isinstance(event, OwnTurn)] == ["Oui, jusqu’à 22 h."]
    for _time in range(2):
        youtube.act(Deed(action=Action.DELETE, **deed), connection)
    assert not [event for event in heard(connection) if isinstance(event, OwnTurn)]


def test_what_was_rejected_is_published_no_more_and_the_refusal_is_told(there, connection, comment):
    deed = {"kind": Kind.COMMENT, "thread": comment, "external_id": comment}
    for _time in range(2):
        youtube.act(Deed(action=Action.REJECT, **deed), connection)
    with pytest.raises(SendRefused):
        youtube.act(Deed(action=Action.APPROVE, **deed), connection)


def test_empty_lists_are_read_as_empty(there, connection, comment):
    there.fault("empty_lists", platform="youtube")
    assert heard(connection) == []


def test_a_slow_answer_is_waited_for(there, connection, comment):
    there.fault("slow", platform="youtube", value=300, count=1)
    assert youtube.send(answer_to(comment), connection)


def test_nasty_characters_arrive_as_they_were_written(there, connection):
    there.fault("nasty_text", platform="youtube", count=1)
    there.comment(CHANNEL, "Bonjour")
    [event] = heard(connection)
    [kept] = [each for page in there.state(CHANNEL)["pages"] for each in page["comments"]]
    assert event.text == kept["text"]


# --- the simulator by itself, as the reference shows it ------------------------------------------------


def raw(there, path, method="GET", token=ACCESS, **options):
    with requests.Session() as http:
        http.trust_env = False
        headers = {"Authorization": f"Bearer {token}"}
        return http.request(method, f"{there.url}/youtube/v3/{path}", headers=headers, timeout=10, **options)


def test_a_thread_has_the_shape_of_the_reference(there, comment):
    [thread] = raw(there, f"commentThreads?part=snippet,replies&allThreadsRelatedToChannelId={CHANNEL}").json()["items"]

    assert (thread["kind"], thread["id"]) == ("youtube#commentThread", comment)
    assert set(thread["snippet"]) == {"channelId", "videoId", "topLevelComment", "canReply", "totalReplyCount", "isPublic"}
    top = thread["snippet"]["topLevelComment"]
    assert (top["kind"], top["snippet"]["moderationStatus"]) == ("youtube#comment", "published")
    assert "textOriginal" not in top["snippet"], "told to its author alone"
    [asked_for] = raw(there, f"comments?part=snippet&id={comment}").json()["items"]
    assert "moderationStatus" not in asked_for["snippet"], "not where an id was given"


def test_fields_leave_out_the_rest(there, comment):
    asked = "items(id,snippet(videoId,topLevelComment/snippet/authorChannelId/value))"
    told = raw(there, f"commentThreads?part=snippet&allThreadsRelatedToChannelId={CHANNEL}&fields={asked}").json()
    [thread] = told["items"]
    assert set(told) == {"items"}
    assert set(thread) == {"id", "snippet"}
    assert list(thread["snippet"]["topLevelComment"]["snippet"]["authorChannelId"]) == ["value"]


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "commentThreads?part=snippet", 400, "missingRequiredParameter"),
        ("GET", f"commentThreads?part=snippet&videoId={VIDEO}&id=x", 400, "incompatibleParameters"),
        ("GET", f"commentThreads?part=snippet&videoId={VIDEO}&maxResults=101", 400, "invalidParameter"),
        ("GET", "commentThreads?part=snippet&allThreadsRelatedToChannelId=UCelse", 403, "forbidden"),
        ("GET", "comments?part=snippet&parentId=x", 404, "commentNotFound"),
        ("DELETE", "comments?id=x", 404, "commentNotFound"),
        ("POST", "comments/setModerationStatus?id=x&moderationStatus=spam", 400, "invalidParameter"),
    ],
)
def test_what_is_wrong_is_refused_in_googles_envelope(there, method, path, status, reason):
    refused = raw(there, path, method)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["errors"][0]["reason"]) == (status, status, reason)
    assert raw(there, path, method, token="wrong").json()["error"]["errors"][0]["reason"] == "authError"


def test_only_who_wrote_a_comment_may_delete_it(there, comment):
    assert raw(there, f"comments?id={comment}", "DELETE").status_code == 403
    said = {"snippet": {"parentId": comment, "textOriginal": "Oui."}}
    made = raw(there, "comments?part=snippet", "POST", json=said).json()
    assert made["snippet"]["textOriginal"] == "Oui."
    assert (
        raw(there, "comments?part=snippet", "POST", json={"snippet": said["snippet"] | {"parentId": made["id"]}}).status_code
        == 404
    )
    assert raw(there, f"comments?id={made['id']}", "DELETE").status_code == 204
