"""A mail server that is slow, refuses or goes away delays neither the clock nor, longer than it must, a mail of danger."""

import socketserver
import threading
from contextlib import contextmanager

import pytest

from accounts.access import Role
from inbox.models import Notice
from inbox.news import mails, notices
from tests.factories import NOON, SECOND, make_channel, make_member, make_waiting

pytestmark = pytest.mark.django_db


class Post(socketserver.ThreadingTCPServer):
    """A mail server that hangs up once it has taken so many, and refuses some."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, takes: int, refuses: tuple[str, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Caller)
        self.takes, self.refuses = takes, refuses
        self.calls: list[list[str]] = []  # whom each one brought mail for


class Caller(socketserver.StreamRequestHandler):
    server: Post

    def handle(self):
        taken: list[str] = []
        self.server.calls.append(taken)
        self.say("220 post")
        to = ""
        while line := self.rfile.readline().decode().strip():
            match line.upper().split()[0]:
                case "RCPT":
                    to = line.partition("<")[2].rstrip(">")
                    self.say("550 unknown" if to in self.server.refuses else "250 ok")
                case "DATA" if len(taken) == self.server.takes:
                    return
                case "DATA":
                    self.say("354 go on")
                    while self.rfile.readline() != b".\r\n":
                        pass
                    taken.append(to)
                    self.say("250 ok")
                case _:
                    self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def post(settings):
    @contextmanager
    def opened(*, takes=100, refuses=()):
        with Post(takes, refuses) as server:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            settings.EMAIL_HOST_USER = ""
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            try:
                yield server
            finally:
                server.shutdown()

    return opened


@pytest.fixture
def people(place):
    """Three, of whom the last was told of somebody in danger after all were told of an outage."""
    names = ["first@example.com", "second@example.com", "third@example.com"]
    members = [make_member(place.organization, Role.MANAGER, email=name) for name in names]
    notices.tell(members, Notice.Kind.SENDER_STILL, None, key="outage", now=NOON, by_mail=True)
    waiting = make_waiting(make_channel(place))
    notices.tell_again(members[2:], Notice.Kind.CRISIS, waiting, key="danger", now=NOON)
    return names


def test_one_call_brings_all_that_is_due_and_danger_first(people, post):
    with post() as server:
        assert mails.send_due(now=NOON) == 3

    assert server.calls == [[people[2], people[0], people[1]]]


def test_of_danger_alone_is_sent_without_the_rest(people, mailoutbox):
    assert mails.waits_of_danger(now=NOON)

    assert mails.send_of_danger(now=NOON) == 1

    assert [mail.to for mail in mailoutbox] == [[people[2]]]
    assert not mails.waits_of_danger(now=NOON)
    assert Notice.objects.exclude(mail_at=None).count() == 3


def test_a_server_that_hangs_up_ends_the_run_and_who_was_not_begun_is_due_at_once(people, post):
    with post(takes=1) as server:
        assert mails.send_due(now=NOON) == 1
    with post() as again:
        assert mails.send_due(now=NOON + SECOND) == 1
        assert mails.send_due(now=NOON + mails.AGAIN) == 1

    assert server.calls == [[people[2]]]
    assert again.calls == [[people[1]], [people[0]]]


def test_a_server_that_is_away_leaves_everything_due(people, post):
    with post() as server:
        pass  # and is gone
    assert mails.send_due(now=NOON) == 0
    assert server.calls == []

    with post():
        assert mails.send_due(now=NOON + SECOND) == 3


def test_an_address_that_is_refused_keeps_nobody_else_waiting(people, post):
    with post(refuses=(people[0],)) as server:
        assert mails.send_due(now=NOON) == 2
        assert mails.send_due(now=NOON + mails.AGAIN) == 0

    assert server.calls == [[people[2], people[1]], []]


def test_nobody_is_called_where_nothing_is_due(post, place):
    with post() as server:
        assert mails.send_due(now=NOON) == 0

    assert server.calls == []
