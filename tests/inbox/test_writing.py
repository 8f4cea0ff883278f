"""Rows written many at once: the same as one by one, or none."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from inbox.models import Contact, Message, Wait, writing
from tests.factories import HOUR, NOON, make_channel, make_conversation

pytestmark = pytest.mark.django_db

AWKWARD = 'tab\t, line\nand return\r, "quotes" d’ici, \\N, \\. and \\\\, é 🦷, {a,b}, NULL'


def message(conversation, external_id, **given):
    given = {"sent_at": NOON, "received_at": NOON, "visible_at": NOON, "direction": Message.Direction.IN} | given
    return Message(conversation=conversation, channel_id=conversation.channel_id, external_id=external_id, **given)


def columns(row):
    fresh = type(row).objects.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in row._meta.concrete_fields} | {"id": None, "external_id": ""}


def test_what_is_written_is_what_the_orm_writes(place):
    conversation = make_conversation(make_channel(place), at=NOON)
    given = {
        "text": AWKWARD,
        "attachments": [{"kind": "image", "name": AWKWARD, "size": None}],
        "topics": ["hours", 'a "quoted, one"', ""],
        "sent_at": datetime(2026, 3, 8, 7, 0, 0, 123456, tzinfo=UTC),
        "private": True,
    }
    for case in (given, {}):
        ours, theirs = message(conversation, "ours", **case), message(conversation, "theirs", **case)
        writing.insert([ours])
        theirs.save(force_insert=True)
        assert columns(ours) == columns(theirs)
        Message.objects.all().delete()


def test_each_row_has_its_own_key_afterwards_and_is_saved_as_any_other(place):
    channel = make_channel(place)
    people = [Contact(channel=channel, external_id=f"p{n}", name=f"Personne Exemple {n}") for n in range(3)]

    writing.insert(people)
    people[1].name = "Autre Exemple"
    people[1].save()

    names = {row.pk: row.name for row in Contact.objects.filter(external_id__startswith="p")}
    assert names == {people[0].pk: "Personne Exemple 0", people[1].pk: "Autre Exemple", people[2].pk: "Personne Exemple 2"}


def test_a_row_that_was_given_to_another_before_it_had_a_key_is_found_by_it(place):
    earlier = make_conversation(make_channel(place), at=NOON)
    conversation = type(earlier)(
        channel=earlier.channel,
        organization=earlier.organization,
        location=earlier.location,
        kind=earlier.kind,
        thread_id="another",
        last_message_at=NOON,
        created_at=NOON,
    )
    said = message(earlier, "said")
    said.conversation = conversation

    writing.insert([conversation])
    writing.insert([said])

    assert Message.objects.get(external_id="said").conversation_id == conversation.pk != earlier.pk


def test_where_one_row_cannot_be_written_none_is(place):
    conversation = make_conversation(make_channel(place), at=NOON)

    with pytest.raises(IntegrityError, match="message_once"), transaction.atomic():
        writing.insert([message(conversation, "one"), message(conversation, "twice"), message(conversation, "twice")])

    assert not Message.objects.filter(external_id__in=["one", "twice"]).exists()


def test_a_change_writes_the_named_fields_of_these_rows_alone(place):
    conversation, other = (make_conversation(make_channel(place), at=NOON) for _ in range(2))
    before = {row.pk: columns(row) for row in (conversation, other)}
    conversation.preview, conversation.badges, conversation.language = AWKWARD, ["privacy", "a,b"], "xx"
    conversation.due_at = NOON + HOUR

    writing.update([conversation], ["preview", "badges", "due_at"])

    changed = {"preview": AWKWARD, "badges": ["privacy", "a,b"], "due_at": NOON + HOUR}
    assert columns(conversation) == before[conversation.pk] | changed
    assert columns(other) == before[other.pk]


def test_nothing_to_write_is_nothing_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        writing.insert([])
        writing.update([], ["preview"])
    assert not Wait.objects.exists()
