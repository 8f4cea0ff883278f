"""The sender: what is due leaves, once, in order, at its moment; and no platform waits for another."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.services.processes import until
from inbox import live
from inbox.models import Channel, Message, Pulse
from responses import outbox
from responses.models import Reply
from responses.sending import uncertain
from responses.sending.sender import Sender
from tests.factories import MINUTE, SECOND, make_channel, make_waiting
from tests.responses import graph as platform
from tests.responses.graph import Hold, refuse
from tests.responses.queueing import queue, state_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]
ROOT = Path(__file__).resolve().parents[3]
SOON = 20  # seconds at most, on a busy machine


@contextmanager
def sending(threads=4):
    sender = Sender(threads=threads, clock=timezone.now)
    running = threading.Thread(target=sender.run)
    running.start()
    try:
        yield sender
    finally:
        sender.stop()
        running.join()


def compose(channel, by, *, ago=MINUTE, conversation=None, **more):
    """A reply whose time to take it back is over, unless told otherwise."""
    now = timezone.now() - ago
    return queue(conversation or make_waiting(channel, at=now - MINUTE), by, now=now, **more)


def ends_as(state, *replies):
    return until(lambda: {state_of(each) for each in replies} == {state}, SOON)


class TestSending:
    def test_what_is_due_is_sent(self, channel, ana, graph):
        replies = [compose(channel, ana) for _ in range(5)]

        with sending():
            assert ends_as("sent", *replies)

        assert len(graph.taken) == 5

    def test_it_leaves_its_mark(self, monkeypatch):
        monkeypatch.setattr("inbox.running.processes.EVERY", SECOND)
        with sending():
            assert until(lambda: Pulse.objects.filter(name="sender").exists(), SOON)
            first = Pulse.objects.get(name="sender").at
            assert until(lambda: Pulse.objects.get(name="sender").at > first, SOON)

    def test_what_is_composed_meanwhile_leaves_at_its_moment_and_not_before(self, channel, ana, graph, settings):
        settings.UNDO_SECONDS = 1
        with sending():
            reply = compose(channel, ana, ago=timedelta(0))
            outbox.ring()
            assert ends_as("sent", reply)

        assert reply.send_at <= reply.claimed_at < reply.send_at + SECOND

    def test_it_hears_the_doorbell(self, channel, ana, graph, monkeypatch):
        monkeypatch.setattr("responses.sending.sender.TICK", 3600)
        with sending():
            assert until(lambda: live.redis().publish(outbox.BELL, b"") > 0, SOON)
            reply = compose(channel, ana)
            outbox.ring()
            assert ends_as("sent", reply)

    def test_without_redis_it_looks_by_itself(self, channel, ana, graph, settings):
        settings.REDIS_URL = "unix:///nowhere/redis.sock"
        live.redis.cache_clear()
        try:
            with sending():
                assert ends_as("sent", compose(channel, ana))
        finally:
            live.redis.cache_clear()

    def test_two_senders_send_each_reply_once(self, place, ana, graph):
        channels = [make_channel(place) for _ in range(4)]
        replies = [compose(channels[number % 4], ana) for number in range(40)]

        with sending(), sending(), sending():
            assert ends_as("sent", *replies)

        assert len(graph.taken) == len({thing["parent"] for thing in graph.taken}) == 40
        assert Message.objects.filter(direction="out").count() == 40

    def test_the_queue_is_not_asked_anew_for_each_that_leaves(self, channel, ana, graph, monkeypatch):
        monkeypatch.setattr("responses.sending.sender.TICK", 3600)
        monkeypatch.setattr("responses.sending.sender.AT_ONCE", 8)
        replies = [compose(channel, ana) for _ in range(24)]
        sender = Sender(threads=4, clock=timezone.now)

        def stop_in_the_end():
            ends_as("sent", *replies)
            sender.stop()
            connection.close()

        end = threading.Thread(target=stop_in_the_end)
        end.start()
        with CaptureQueriesContext(connection) as asked:  # by the one who looks: the others have connections of their own
            sender.run()
        end.join()

        assert ends_as("sent", *replies)
        assert sum("LIMIT 8" in each["sql"] for each in asked.captured_queries) < 18

    def test_where_a_page_is_reached_again_what_waited_for_that_leaves_at_once(self, channel, ana, graph):
        waiting = compose(channel, ana)
        tried = timezone.now()
        again = {"attempts": 4, "claimed_at": tried, "send_at": tried + 80 * SECOND, "error_code": "not_reached"}
        Reply.objects.filter(pk=waiting.pk).update(**again)

        with sending():
            assert ends_as("sent", compose(channel, ana))
            assert ends_as("sent", waiting)

    def test_a_fault_of_ours_stops_neither_the_others_nor_the_sender(self, channel, ana, graph):
        broken = compose(channel, ana)
        Reply.objects.filter(pk=broken.pk).update(kind="letter")  # a kind that no code of ours knows
        with sending():
            assert ends_as("sent", compose(channel, ana))
            assert ends_as("sent", compose(channel, ana))

        assert state_of(broken) != "sent"


class TestBulkheads:
    @pytest.fixture
    def instagram(self, place, settings, graph):
        """Another platform, which answers at once."""
        with platform.running() as other:
            settings.INSTAGRAM_GRAPH_URL = other.url
            channel = make_channel(place, "instagram")
            other.page = channel.external_id
            yield channel

    def test_a_platform_that_hangs_delays_no_other(self, place, ana, graph, instagram):
        hold = Hold()
        graph.script = [hold] * 20
        hanging = [compose(channel, ana) for channel in [make_channel(place) for _ in range(10)] for _ in range(2)]
        try:
            with sending():
                assert hold.asked.wait(SOON)
                assert ends_as("sent", *[compose(instagram, ana) for _ in range(5)])
                assert sum(state_of(each) == "sending" for each in hanging) == 4
                hold.release.set()
                assert ends_as("sent", *hanging)
        finally:
            hold.release.set()

    def test_a_page_that_hangs_leaves_room_for_others_of_its_platform(self, channel, place, ana, graph):
        hold = Hold()
        graph.script = [hold, hold]
        hanging = [compose(channel, ana) for _ in range(6)]
        with sending():
            try:
                assert until(lambda: sum(state_of(each) == "sending" for each in hanging) == 2, SOON)
                assert ends_as("sent", compose(make_channel(place), ana))
                assert sum(state_of(each) == "queued" for each in hanging) == 4
            finally:
                hold.release.set()

    def test_a_throttled_channel_delays_no_other_and_leaves_when_it_may(self, channel, place, ana, graph):
        graph.script = [refuse(32)]
        held = compose(channel, ana)
        with sending():
            assert until(lambda: Channel.objects.filter(pk=channel.pk, throttled_until__gt=timezone.now()).exists(), SOON)
            assert ends_as("sent", compose(make_channel(place), ana))
            assert state_of(held) == "queued"

            Channel.objects.filter(pk=channel.pk).update(throttled_until=timezone.now())
            assert ends_as("sent", held)


class TestOrder:
    def test_a_later_reply_never_overtakes_one_that_is_being_sent(self, channel, ana, graph):
        hold = Hold()
        graph.script = [hold]
        first = compose(channel, ana, answer="Premièrement.")
        try:
            with sending():
                assert hold.asked.wait(SOON)  # by the first, as there is no other yet
                second = compose(channel, ana, conversation=first.conversation, answer="Deuxièmement.")
                assert ends_as("sent", compose(channel, ana))
                assert state_of(second) == "queued"
                hold.release.set()
                assert ends_as("sent", first, second)
        finally:
            hold.release.set()

        assert [text for text in graph.texts if "ment" in text] == [first.text, second.text]


class TestStopping:
    def test_what_is_being_sent_is_sent_and_nothing_more_is_claimed(self, channel, ana, graph):
        hold = Hold()
        graph.script = [hold, hold]
        replies = [compose(channel, ana) for _ in range(4)]
        try:
            with sending() as sender:
                assert until(lambda: sum(state_of(each) == "sending" for each in replies) == 2, SOON)
                sender.stop()
                hold.release.set()
        finally:
            hold.release.set()

        assert sorted(state_of(each) for each in replies) == ["queued", "queued", "sent", "sent"]
        assert len(graph.taken) == 2


class TestPostgreSQL:
    def test_an_answer_that_comes_while_it_restarts_is_recorded_after_it(self, channel, ana, graph):
        hold = Hold()
        graph.script = [hold]
        reply = compose(channel, ana)
        try:
            with sending():
                assert hold.asked.wait(SOON)
                end_every_other_connection()
                hold.release.set()
                assert ends_as("sent", reply)
                assert ends_as("sent", compose(channel, ana))
        finally:
            hold.release.set()

        assert len(graph.taken) == 2


def end_every_other_connection():
    """As a restart does it."""
    connection.close()
    with psycopg.connect(address_of_the_database(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def address_of_the_database():
    given = connection.get_connection_params()
    host, port = quote(str(given.get("host") or ""), safe=""), given.get("port") or ""
    user = f"{given['user']}@" if given.get("user") else ""
    return f"postgresql://{user}/{given['dbname']}?host={host}" + (f"&port={port}" if port else "")


class TestTheProcess:
    @pytest.fixture
    def process(self, graph, settings):
        """`manage.py sender`, as the Procfile starts it, on the database of the tests."""
        addresses = dict.fromkeys(("META_GRAPH_URL", "INSTAGRAM_GRAPH_URL", "LINKEDIN_API_URL"), graph.url)
        environment = {**os.environ, **addresses, "DATABASE_URL": address_of_the_database(), "DEBUG": "1"}
        with subprocess.Popen([sys.executable, "manage.py", "sender"], cwd=ROOT, env=environment) as process:
            yield process
            process.kill()

    def test_told_to_stop_it_finishes_what_it_sends(self, channel, ana, graph, process):
        hold = Hold()
        graph.script = [hold]
        first = compose(channel, ana)
        second = compose(channel, ana, conversation=first.conversation)
        try:
            assert hold.asked.wait(SOON)
            process.send_signal(signal.SIGTERM)
        finally:
            hold.release.set()

        assert process.wait(SOON) == 0
        assert (state_of(first), state_of(second)) == ("sent", "queued")
        assert len(graph.taken) == 1

    def test_killed_it_leaves_one_that_is_looked_for_and_never_sent_again(self, channel, ana, graph, process):
        hold = Hold()
        graph.script = [hold]
        reply = compose(channel, ana)
        try:
            assert hold.asked.wait(SOON)
            process.kill()
            process.wait()
        finally:
            hold.release.set()
        assert state_of(reply) == "sending"
        assert until(lambda: graph.taken, SOON)

        later = timezone.now() + 3 * MINUTE
        assert uncertain.give_up_on_stale(now=later) == 1
        graph.taken[0]["at"] = reply.claimed_at + SECOND
        assert uncertain.reconcile(now=later) == 1
        assert state_of(reply) == "sent"
        assert len(graph.taken) == 1
