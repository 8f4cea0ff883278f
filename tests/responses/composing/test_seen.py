"""What a composer is told of that happened since it was opened."""

import pytest
from django.db import connection

from inbox.platforms.base import Sent
from responses import outbox, replies
from responses.composing.seen import Seen, changes_since
from responses.replies import Words
from tests.factories import NOON, SECOND, make_channel, make_member, make_version, make_waiting

pytestmark = pytest.mark.django_db


def test_a_colleagues_reply_that_is_sent_while_we_look_is_told(place, ana):
    conversation = make_waiting(make_channel(place))
    seen = Seen.of(conversation)
    colleague = make_member(place.organization)
    words = Words(version=make_version(place.organization), filled={"answer": "oui.", "first_name": ""})
    reply = replies.compose(conversation, by=colleague, now=NOON, words=words)
    waiting = [lambda: outbox.record_sent(reply, Sent("900111_1", NOON + SECOND), NOON + SECOND)]

    def send_after_the_first_look(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if waiting and sql.startswith("SELECT"):
            waiting.pop()()
        return result

    with connection.execute_wrapper(send_after_the_first_look):
        changes = changes_since(seen, conversation, by=ana)

    assert not waiting
    assert changes.queued or changes.answered
