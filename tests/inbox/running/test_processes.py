"""A part of Comptoir that does not run is told of, by whichever still runs, to those who look after pages."""

import socket
import threading
from datetime import timedelta
from math import inf
from time import monotonic

import pytest
from django.utils import timezone

from accounts.access import Role
from config.services.processes import until
from inbox import tasks
from inbox.models import Notice, Pulse, Trouble
from inbox.running import processes
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_member

pytestmark = pytest.mark.django_db
Part = Pulse.Part
SOON = 20  # seconds at most


@pytest.fixture(autouse=True)
def _since_long(monkeypatch):
    monkeypatch.setattr(processes, "BORN", -inf)


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER, email="manager@example.com")


def run(*parts, begin, end):
    """These parts live from then until then."""
    at = begin
    while at <= end:
        for part in parts:
            processes.tend(part, now=at)
        at += MINUTE


def told():
    return sorted(Notice.objects.values_list("membership__user__email", "kind"))


@pytest.mark.parametrize(("dead", "notice"), [("sender", "sender_still"), ("worker", "worker_still"), ("clock", "clock_still")])
class TestOneThatStops:
    def test_is_told_once_by_those_who_live_in_the_app_and_by_mail(self, dead, notice, manager, ana):
        run(*Part, begin=NOON, end=NOON + 10 * MINUTE)
        living = [part for part in Part if part != dead]

        run(*living, begin=NOON + 11 * MINUTE, end=NOON + 12 * MINUTE)
        before = told()
        run(*living, begin=NOON + 13 * MINUTE, end=NOON + 30 * MINUTE)

        assert (before, told()) == ([], [("manager@example.com", notice)])
        assert Notice.objects.get().mail_at

    def test_is_over_when_it_runs_again(self, dead, notice, manager):
        run(*Part, begin=NOON, end=NOON + 10 * MINUTE)
        run(*[part for part in Part if part != dead], begin=NOON + 11 * MINUTE, end=NOON + 20 * MINUTE)

        processes.tend(Part(dead), now=NOON + HOUR)

        outage = Trouble.objects.get(kind=processes.KINDS[Part(dead)])
        assert (outage.channel, outage.since, outage.ended_at) == (None, NOON + 10 * MINUTE, NOON + HOUR)

    def test_is_told_by_a_single_survivor(self, dead, notice, manager):
        run(*Part, begin=NOON, end=NOON + 10 * MINUTE)
        survivor = next(part for part in reversed(Part) if part != dead)

        run(survivor, begin=NOON + 11 * MINUTE, end=NOON + 20 * MINUTE)

        assert ("manager@example.com", notice) in told()


def test_a_part_that_was_never_started_is_told_as_well(manager):
    run(Part.CLOCK, Part.WORKER, begin=NOON, end=NOON + 10 * MINUTE)

    assert told() == [("manager@example.com", "sender_still")]


def test_after_a_night_off_nobody_is_told_of_those_who_only_begin_a_moment_later(manager):
    run(*Part, begin=NOON, end=NOON + 10 * MINUTE)

    for second, part in enumerate(Part):
        run(part, begin=NOON + DAY + second * SECOND, end=NOON + DAY + second * SECOND + 2 * MINUTE)

    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_the_mail_leaves_although_the_clock_stands_still(manager, mailoutbox):
    run(*Part, begin=NOON, end=NOON + 10 * MINUTE)
    run(Part.SENDER, Part.WORKER, begin=NOON + 11 * MINUTE, end=NOON + 20 * MINUTE)

    assert until(lambda: mailoutbox, SOON)
    assert until(lambda: not at_the_mail_server(), SOON)
    [mail] = mailoutbox
    assert mail.to == ["manager@example.com"]
    assert mail.subject == "The clock of Comptoir stands still"
    assert "/channels/" in mail.body


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_says_nothing_holds_up_nobody_who_tells(manager, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(SOON)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        run(*Part, begin=NOON, end=NOON + 10 * MINUTE)
        run(Part.WORKER, begin=NOON + 11 * MINUTE, end=NOON + 20 * MINUTE)
        tasks.send_mails()

        caller, _address = silent.accept()
        with caller:
            caller.setblocking(False)
            with pytest.raises(BlockingIOError):
                caller.recv(1)  # it is still on the line, and we are here
    assert until(lambda: not at_the_mail_server(), SOON)


def at_the_mail_server() -> bool:
    return any(thread.name == "inbox.news.mails.send_due" for thread in threading.enumerate())


# --- the clock's own mark ----------------------------------------------------------------------------------


def test_a_clock_that_stood_still_leaves_an_outage_of_our_own():
    beats = [NOON, NOON + MINUTE, NOON + HOUR, NOON + HOUR + 20 * SECOND]

    assert [bool(processes.mark(Part.CLOCK, now=at)) for at in beats] == [False, False, True, False]

    outage = Trouble.objects.get()
    assert (outage.channel, outage.kind, outage.since, outage.ended_at) == (None, "down", NOON + MINUTE, NOON + HOUR)
    assert Pulse.objects.get().at == beats[-1]


@pytest.mark.parametrize(("pause", "stood_still"), [(timedelta(minutes=3) - SECOND, False), (timedelta(minutes=3), True)])
def test_the_pause_of_a_restart_is_no_outage(pause, stood_still):
    processes.mark(Part.CLOCK, now=NOON)

    assert bool(processes.mark(Part.CLOCK, now=NOON + pause)) is stood_still


def test_a_beat_that_comes_late_does_not_turn_the_clock_back():
    processes.mark(Part.CLOCK, now=NOON + HOUR)
    processes.mark(Part.CLOCK, now=NOON)

    assert Pulse.objects.get().at == NOON + HOUR


# --- where it stands ---------------------------------------------------------------------------------------


class TestShown:
    @pytest.fixture
    def alone(self):
        """Of all parts only web runs: nobody is left who could tell."""
        Pulse.objects.bulk_create(Pulse(name=part, at=timezone.now() - HOUR, since=NOON) for part in Part)

    def test_the_list_says_so_to_everybody(self, alone, sign_in, ana):
        text = sign_in(ana).get("/inbox/").text

        assert "No reply leaves: they wait" in text
        assert "Nothing is taken in:" in text
        assert "The clock of Comptoir stands still:" in text

    def test_the_list_keeps_quiet_while_the_others_are_still_coming_up(self, alone, sign_in, ana, monkeypatch):
        monkeypatch.setattr(processes, "BORN", monotonic())

        assert "stands still" not in sign_in(ana).get("/inbox/").text

    def test_the_pages_list_says_what_to_start(self, alone, sign_in, manager):
        assert "starts the process “sender” again" in sign_in(manager).get("/channels/").text

    def test_the_monitor_hears_and_the_proxy_does_not(self, alone, client):
        assert client.get("/healthz/").status_code == 200
        answer = client.get("/healthz/parts/")
        assert answer.status_code == 503
        assert [line.split(":")[0] for line in answer.text.splitlines()] == ["clock", "sender", "worker"]

    def test_a_notice_of_it_leads_to_the_pages(self, sign_in, manager):
        run(Part.CLOCK, Part.WORKER, begin=NOON, end=NOON + 5 * MINUTE)
        client = sign_in(manager)
        assert "No reply leaves Comptoir" in client.get("/inbox/notices/").text

        answer = client.post(f"/inbox/notices/{Notice.objects.get().pk}/")

        assert answer["Location"] == "/channels/"
        assert Notice.objects.get().read_at

    def test_nothing_is_said_while_all_run(self, sign_in, manager, client):
        for part in Part:
            processes.mark(part, now=timezone.now())

        assert client.get("/healthz/parts/").text == "ok"
        assert "stands still" not in sign_in(manager).get("/channels/").text
