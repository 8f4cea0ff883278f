"""One person under several ids: a number, an id in its place, another number, another id. In any order, one contact."""

from itertools import permutations

import pytest

from inbox.models import Contact, Conversation, Message
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel
from tests.inbox.whatsapp import NEW_PHONE, NEW_USER, PHONE, USER, change, new_number, text
from tests.inbox.wire import picture, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * DAY
BOTH = {"phone": PHONE, "user": USER}


@pytest.fixture
def number():
    return make_channel(platform="whatsapp", external_id="990011002200330", settings={"waba_id": "880011002200330"})


def in_every_order(*makers):
    """The inbox that each order of these bodies gives, each on a number of its own."""
    seen = []
    for count, order in enumerate(permutations(makers)):
        Conversation.objects.all().delete()
        Contact.objects.all().delete()
        channel = make_channel(platform="whatsapp", external_id=f"99001100220{count:04d}")
        take_in(*(make(channel) for make in order), at=LATER)
        people = list(Contact.objects.order_by("external_id").values_list("external_id", "name", "phone"))
        seen.append((picture(), people))
    assert all(each == seen[0] for each in seen)
    return seen[0][1]


def test_a_message_waits_for_an_answer_under_the_persons_name(number):
    take_in(text(number, "wamid.1", NOON, **BOTH), at=NOON)

    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.thread_id, conversation.contact_name) == ("message", USER, "Julie Exemple")
    assert (conversation.contact.phone, conversation.due_at) == (PHONE, NOON + DAY)


def test_a_person_who_is_known_by_number_only_gets_an_id(number):
    people = in_every_order(
        lambda channel: text(channel, "wamid.1", NOON, phone=PHONE),
        lambda channel: text(channel, "wamid.2", NOON + MINUTE, **BOTH),
        lambda channel: text(channel, "wamid.3", NOON + HOUR, user=USER),
    )

    assert people == [(USER, "Julie Exemple", PHONE)]
    assert Conversation.objects.get().waiting_count == 3


def test_a_new_number_with_a_new_id_is_the_same_person(number):
    ids = {"user_id": NEW_USER, "previous_user_id": USER}
    people = in_every_order(
        lambda channel: text(channel, "wamid.1", NOON, **BOTH),
        lambda channel: new_number(channel, NOON + HOUR, **ids),
        lambda channel: text(channel, "wamid.2", NOON + 2 * HOUR, phone=NEW_PHONE, user=NEW_USER),
        lambda channel: text(channel, "wamid.3", NOON + MINUTE, phone=PHONE),
    )

    assert people == [(NEW_USER, "Julie Exemple", NEW_PHONE)]
    assert Conversation.objects.get().thread_id == NEW_USER


def test_two_changes_in_a_row_lead_to_the_last_id(number):
    def update(old, new, hours):
        ids = {"previous": old, "current": new}
        told = {"wa_id": PHONE, "user_id": ids, "timestamp": str(int((NOON + hours * HOUR).timestamp()))}
        return lambda channel: change(channel, "user_id_update", user_id_update=[told])

    people = in_every_order(
        lambda channel: text(channel, "wamid.1", NOON, user="CA.1"),
        update("CA.1", "CA.2", 1),
        update("CA.2", "CA.3", 2),
        lambda channel: text(channel, "wamid.2", NOON + 90 * MINUTE, user="CA.2"),
    )

    assert [person[0] for person in people] == ["CA.3"]
    assert Conversation.objects.get().waiting_count == 2


def test_who_gets_a_number_that_somebody_gave_up_is_somebody_else(number):
    take_in(
        text(number, "wamid.1", NOON, phone=PHONE),
        new_number(number, NOON + HOUR),
        text(number, "wamid.2", NOON + DAY, phone=PHONE),
        at=LATER,
    )

    assert set(Conversation.objects.values_list("thread_id", flat=True)) == {PHONE, NEW_PHONE}
    assert Message.objects.get(external_id="wamid.1").conversation.contact.external_id == NEW_PHONE


def test_what_staff_corrected_of_a_name_outlives_a_change_of_id(number):
    take_in(text(number, "wamid.1", NOON, user=USER), at=NOON)
    Contact.objects.update(first_name="Juliette")
    take_in(new_number(number, NOON + HOUR, user_id=NEW_USER, previous_user_id=USER), at=LATER)

    assert Contact.objects.get().first_name == "Juliette"


def test_an_answer_typed_on_the_phone_ends_the_wait_whichever_id_it_names(number):
    take_in(text(number, "wamid.1", NOON, **BOTH), at=NOON)
    echo = {"from": "15145550100", "to": PHONE, "id": "wamid.9", "timestamp": str(int((NOON + HOUR).timestamp()))}
    echo |= {"type": "text", "text": {"body": "Oui."}}
    take_in(change(number, "smb_message_echoes", message_echoes=[echo]), at=LATER)

    wait = Conversation.objects.get().waits.get()
    assert (wait.ended_at, wait.ended_by) == (NOON + HOUR, "native")
