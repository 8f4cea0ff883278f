"""The stems follow what was written last, whoever writes at once; and those of what was there before are filled in."""

from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from time import monotonic

import pytest
from django.db import connection, transaction

from inbox.models import Contact, Message
from tests.factories import MINUTE, NOON, make_channel, make_contact, make_message, make_waiting
from tests.inbox.desk.searching import kept_stems

fill = import_module("inbox.migrations.0040_search_filled")


@contextmanager
def meanwhile(work):
    """Another connection does this, begun within a transaction of ours, and is through when ours is over."""

    def run():
        work()
        connection.close()

    other = Thread(target=run)
    with transaction.atomic():
        yield
        other.start()
        wait_until_held_up(other)
    other.join(20)
    assert not other.is_alive()


def wait_until_held_up(other):
    """By us, or through already."""
    until = monotonic() + 20
    while other.is_alive():
        assert monotonic() < until
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return


@pytest.mark.django_db(transaction=True)
def test_words_that_are_erased_while_their_author_gets_a_name_stay_erased():
    them = make_contact(make_channel(), name="")
    talk = make_waiting(them.channel, contact=them, text="le vaccin")

    with meanwhile(lambda: Contact.objects.filter(pk=them.pk).update(name="Camille")):
        Message.objects.filter(conversation=talk).update(text="")

    assert kept_stems() == {"camill"}


@pytest.mark.django_db(transaction=True)
def test_who_is_forgotten_while_they_write_has_no_name():
    them = make_contact(make_channel(), name="Camille")
    talk = make_waiting(them.channel, contact=them, text="le vaccin")

    with meanwhile(lambda: make_message(talk, at=NOON + MINUTE, text="la grippe")):
        Contact.objects.filter(pk=them.pk).update(name="")

    assert kept_stems() == {"vaccin", "gripp"}


@pytest.mark.django_db
def test_what_was_there_before_is_filled_in_from_where_it_was_interrupted(monkeypatch):
    monkeypatch.setattr(fill, "AT_ONCE", 2)
    page = make_channel()
    for number in range(5):
        make_waiting(page, text=f"vaccin{number}")
    first = Message.objects.order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inbox_searchentry WHERE message_id <> %s", [first.pk])
        cursor.execute("UPDATE inbox_searchentry SET words = 'kept'")

    with connection.schema_editor() as editor:
        fill.fill(None, editor)

    assert kept_stems() - {"jul", "juli", "exempl"} == {"kept", *(f"vaccin{number}" for number in range(1, 5))}
