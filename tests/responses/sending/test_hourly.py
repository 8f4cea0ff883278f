"""A page sends so many private replies to comments an hour, whoever sends them; the next ones wait, and nothing else does."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.services.processes import until
from inbox.platforms.facebook import Facebook
from inbox.platforms.instagram import Instagram
from responses import outbox, replies
from responses.models import Reply
from responses.sending import doors
from tests.factories import HOUR, MINUTE, NOON, SECOND, make_channel, make_post, make_waiting
from tests.responses.graph import accept_and_fall_over, refuse
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DUE = NOON + TEN
SOON = 20  # seconds at most, on a busy machine
COUNTS_FOR = HOUR + MINUTE  # a call may be heard a little after it was begun


@pytest.fixture(autouse=True)
def three(monkeypatch):
    """As many as these tests can send."""
    for connector in (Facebook, Instagram):
        monkeypatch.setattr(connector, "private_an_hour", 3)


@pytest.fixture
def private(channel, ana):
    """A private reply to a new comment, due at DUE."""

    def make(page=channel, **fields):
        return queue(make_waiting(page, **fields), ana, mode="private")

    return make


def deliver(*sent, now=DUE, apart=timedelta()):
    return [outbox.deliver(reply.pk, now=now + number * apart) for number, reply in enumerate(sent)]


class TestAFullHour:
    def test_the_next_one_waits_until_the_first_of_them_is_an_hour_old(self, private, graph):
        sent, late = [private() for _ in range(3)], private()
        deliver(*sent, apart=MINUTE)

        assert deliver(late, now=DUE + 3 * MINUTE) == ["queued"]
        until = DUE + COUNTS_FOR
        assert (state_of(late), late.error_code, late.send_at, late.attempts) == ("queued", "throttled", until, 0)
        assert deliver(late, now=until - SECOND) == ["queued"]
        assert len(graph.taken) == 3

        assert deliver(late, now=until) == ["sent"]
        assert len(graph.taken) == 4

    def test_what_is_claimed_together_finds_the_same_room(self, private):
        due = [private() for _ in range(5)]

        claimed = outbox.claim([reply.pk for reply in due], now=DUE)

        assert claimed == due[:3]
        assert [state_of(reply) for reply in due[3:]] == ["queued", "queued"]

    def test_each_that_waits_has_a_place_of_its_own(self, private):
        sent, late = [private() for _ in range(3)], [private() for _ in range(5)]
        deliver(*sent, apart=MINUTE)

        deliver(*late, now=DUE + 3 * MINUTE)

        places = [DUE + COUNTS_FOR + number * MINUTE for number in range(3)]
        places += [place + COUNTS_FOR for place in places[:2]]
        assert list(Reply.objects.filter(state="queued").order_by("pk").values_list("send_at", flat=True)) == places

    def test_nothing_else_of_the_page_waits(self, private, channel, ana, graph):
        deliver(*[private() for _ in range(4)])

        others = [queue(make_waiting(channel), ana), queue(make_waiting(channel, kind="message"), ana)]

        assert deliver(*others) == ["sent", "sent"]
        channel.refresh_from_db()
        assert channel.throttled_until is None

    def test_another_page_has_its_own(self, private, place):
        deliver(*[private() for _ in range(4)])

        assert deliver(private(make_channel(place))) == ["sent"]

    def test_it_can_still_be_taken_back(self, private, ana):
        late = [private() for _ in range(4)][-1]
        deliver(*Reply.objects.order_by("pk"))

        assert replies.undo(late, by=ana, now=DUE + MINUTE)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_senders_at_once_one_gets_the_last_place(self, private):
        deliver(private(), private())
        first, second = private(), private()
        other = threading.Thread(target=claim_apart, args=[second])

        with transaction.atomic():
            assert outbox.claim([first.pk], now=DUE) == [first]
            other.start()
            assert until(lambda: waits_for_the_count() or not other.is_alive(), SOON)
        other.join()

        assert (state_of(first), state_of(second)) == ("sending", "queued")


def claim_apart(reply):
    try:
        outbox.claim([reply.pk], now=DUE)
    finally:
        connection.close()


def waits_for_the_count():
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND {here}")
        return cursor.fetchone()[0] > 0


class TestWhatCounts:
    @pytest.mark.parametrize(("answer", "state"), [(accept_and_fall_over, "uncertain"), (refuse(10903), "failed")])
    def test_the_platform_was_called_for_it(self, private, graph, answer, state):
        graph.script = [answer]
        assert deliver(*[private() for _ in range(4)]) == [state, "sent", "sent", "queued"]

    def test_it_counts_still_when_a_person_says_that_it_was_not_sent(self, private, graph, ana):
        graph.script = [accept_and_fall_over]
        first, late = private(), private()
        deliver(first, private(), private())
        assert replies.resolve(first, by=ana, now=DUE + MINUTE, was_sent=False)

        assert deliver(late, now=DUE + MINUTE) == ["queued"]

    def test_where_no_number_is_said_none_is_counted(self, private, monkeypatch):
        monkeypatch.setattr(Facebook, "private_an_hour", 0)
        assert deliver(*[private() for _ in range(4)]) == ["sent"] * 4

    def test_what_never_left_does_not(self, private, ana, channel, graph, settings):
        withdrawn, back, unreached = private(), private(), private()
        withdrawn.version.state = "withdrawn"
        withdrawn.version.save()
        replies.undo(back, by=ana, now=NOON + SECOND)
        there, settings.META_GRAPH_URL = settings.META_GRAPH_URL, "http://127.0.0.1:9"
        assert deliver(withdrawn, back, unreached) == ["failed", "undone", "queued"]
        settings.META_GRAPH_URL = there

        assert deliver(*[private() for _ in range(4)]) == ["sent", "sent", "sent", "queued"]

    def test_what_an_expired_token_asked_for_counts_once_it_is_sent_again(self, private, channel, graph):
        graph.script = [refuse(190)]
        expired = private()
        assert deliver(expired) == ["failed"]
        doors.reopen([channel], now=DUE)

        assert deliver(*[private() for _ in range(4)]) == ["sent", "sent", "sent", "queued"]

    def test_public_answers_and_messages_do_not(self, private, ana, channel):
        deliver(*[queue(make_waiting(channel), ana) for _ in range(2)], queue(make_waiting(channel, kind="message"), ana))

        assert deliver(*[private() for _ in range(4)]) == ["sent", "sent", "sent", "queued"]

    def test_under_a_live_video_instagram_counts_none_and_makes_none_wait(self, private, place, graph):
        account = make_channel(place, "instagram")
        live = make_post(account, kind="live")
        assert deliver(*[private(account, post=live) for _ in range(4)]) == ["sent"] * 4

        assert deliver(*[private(account) for _ in range(4)]) == ["sent", "sent", "sent", "queued"]
        assert deliver(private(account, post=live)) == ["sent"]

    def test_only_a_private_reply_takes_the_count(self, reply, private):
        def taken(reply):
            with CaptureQueriesContext(connection) as asked:
                deliver(reply)
            return [each["sql"] for each in asked if "private replies" in each["sql"]]

        assert not taken(reply)
        assert taken(private())


class TestTelling:
    def test_the_page_says_until_when_it_waits(self, private, ana, sign_in):
        late = [private() for _ in range(4)][-1]
        deliver(*Reply.objects.order_by("pk"))
        Reply.objects.filter(pk=late.pk).update(send_at=timezone.now() + HOUR)

        page = sign_in(ana).get(reverse("responses:replies", args=[late.conversation_id])).content.decode()

        assert "asks us to wait until" in page
        assert "It leaves by itself then." in page

    def test_the_composer_says_so_first_and_lets_public_answers_leave(self, private, channel, ana):
        deliver(*[private() for _ in range(3)])
        conversation = make_waiting(channel, at=DUE + MINUTE)

        with pytest.raises(replies.Refused, match=r"no room for another until 13:01\. Answer in public"):
            queue(conversation, ana, mode="private", now=DUE + MINUTE)
        assert queue(conversation, ana, now=DUE + MINUTE)

    @pytest.mark.parametrize(("left", "blocked"), [(MINUTE, False), (MINUTE + SECOND, True)])
    def test_a_wait_that_nobody_would_notice_blocks_nothing(self, private, channel, ana, left, blocked):
        deliver(*[private() for _ in range(3)])
        conversation, now = make_waiting(channel, at=DUE), DUE + COUNTS_FOR - left

        if not blocked:
            assert queue(conversation, ana, mode="private", now=now)
            return
        with pytest.raises(replies.Refused, match="no room for another"):
            queue(conversation, ana, mode="private", now=now)
