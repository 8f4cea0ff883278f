"""Workers, the clock and people meet on the same rows: none may end in a deadlock."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.access import Role
from inbox import waits
from inbox.models import Notice
from inbox.news import notices
from tests.factories import NOON, make_member, make_waiting


@pytest.mark.django_db(transaction=True)
def test_telling_people_of_a_conversation_waits_for_nobody_who_settles_it():
    conversation = make_waiting()
    manager = make_member(conversation.organization, Role.MANAGER)
    settled, told = Event(), Event()

    def settle_slowly() -> None:
        with transaction.atomic():
            waits.settle(conversation, now=NOON)
            settled.set()
            told.wait(10)
        connection.close()

    other = Thread(target=settle_slowly)
    other.start()
    assert settled.wait(10)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            notices.tell([manager], Notice.Kind.LATE, conversation, key="test", now=NOON)
    finally:
        told.set()
        other.join()
