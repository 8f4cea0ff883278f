from itertools import permutations

import pytest
from django.db import transaction

from inbox import channels, intake
from inbox.models import Contact, Conversation, Delivery, EarlyEvent, Message, UnhandledEvent
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_location
from tests.inbox.wire import JULIE, feed, messenger, own_feed, picture, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * DAY


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


def test_a_comment_becomes_a_conversation_with_a_running_wait(page):
    take_in(feed(page, "1", NOON, message="Êtes-vous ouverts lundi?"), at=NOON + SECOND)

    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.contact_name, conversation.preview) == (
        "comment",
        JULIE["name"],
        "Êtes-vous ouverts lundi?",
    )
    assert conversation.waits.get().started_at == NOON
    assert Delivery.objects.get().outcome == "done"


def test_the_language_is_known_from_the_first_words(page):
    take_in(feed(page, "1", NOON, message="Bonjour, est-ce que la clinique de vaccination est ouverte demain matin?"), at=NOON)

    assert Conversation.objects.get().language == "fr"


def test_two_people_under_one_comment_are_two_conversations_of_one_thread(page):
    other = {"id": "8011", "name": "Marc Fictif"}
    take_in(
        feed(page, "1", NOON, message="Ouvert?"),
        feed(page, "2", NOON + HOUR, parent="1", author=other, message="Moi aussi!"),
        at=LATER,
    )

    assert Conversation.objects.count() == 2
    assert len(set(Conversation.objects.values_list("thread_id"))) == 1


def test_a_photo_without_words_waits_for_an_answer_too(page):
    take_in(feed(page, "1", NOON, photo="https://scontent.example/o.jpg"), at=NOON)

    message = Message.objects.get()
    assert [attachment["url"] for attachment in message.attachments] == ["https://scontent.example/o.jpg"]
    assert Conversation.objects.get().due_at == NOON + DAY


def test_a_comment_without_author_is_kept_under_an_unknown_person(page):
    take_in(feed(page, "1", NOON, anonymous=True), at=NOON)

    assert Conversation.objects.get().contact is None
    assert not Contact.objects.exists()


def test_an_edit_keeps_every_version(page):
    take_in(
        feed(page, "1", NOON, message="Ouvert lundi?"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Ouvert mardi?"),
        feed(page, "1", NOON + HOUR, verb="edited", message="Ouvert jeudi?"),
        at=LATER,
    )

    message = Message.objects.get()
    assert message.text == "Ouvert jeudi?"
    assert [version.text for version in message.versions.all()] == ["Ouvert lundi?", "Ouvert mardi?", "Ouvert jeudi?"]
    assert message.conversation.preview == "Ouvert jeudi?"


def test_what_its_author_took_back_is_no_longer_there(page):
    take_in(
        feed(page, "1", NOON, message="Mon numéro est…"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Oubliez ça"),
        feed(page, "1", NOON + HOUR, verb="remove"),
        feed(page, "1", NOON + 2 * HOUR, verb="edited", message="Encore moi"),
        at=LATER,
    )

    message = Message.objects.get()
    assert (message.text, message.removed_at, message.versions.count()) == ("", NOON + HOUR, 0)
    assert message.conversation.waits.get().outcome == "cancelled"


def test_hiding_marks_the_comment_and_leaves_its_clock(page):
    take_in(feed(page, "1", NOON, message="?"), feed(page, "1", NOON + HOUR, verb="hide", message="?"), at=LATER)

    assert Message.objects.get().hidden
    assert Conversation.objects.get().due_at == NOON + DAY


def test_an_answer_typed_on_the_page_ends_the_wait_as_native(page):
    take_in(feed(page, "1", NOON, message="?"), own_feed(page, "2", NOON + HOUR, parent="1", message="Oui!"), at=LATER)

    wait = Conversation.objects.get().waits.get()
    assert (wait.ended_at, wait.ended_by) == (NOON + HOUR, "native")


def test_a_message_of_the_messenger_and_its_echo(page):
    take_in(
        messenger(page, "m_1", NOON, text="C’est prêt?"), messenger(page, "m_2", NOON + HOUR, echo=True, text="Oui."), at=LATER
    )

    conversation = Conversation.objects.get()
    assert (conversation.kind, conversation.thread_id, conversation.state) == ("message", JULIE["id"], "answered")


def test_attachments_are_kept_as_links(page):
    image = {"type": "image", "payload": {"url": "https://scontent.example/i.jpg"}}
    take_in(messenger(page, "m_1", NOON, attachments=[image]), at=NOON)

    assert Message.objects.get().attachments[0]["url"] == "https://scontent.example/i.jpg"


def test_a_reaction_is_not_a_turn(page):
    take_in(feed(page, "1", NOON, item="reaction", reaction_type="love", message=""), at=NOON)

    assert not Conversation.objects.exists()


# --- any number of times, in any order -----------------------------------------------------------------------


def test_the_same_events_in_any_order_and_twice_give_the_same_inbox(page):
    events = [
        feed(page, "1", NOON, message="Ouvert lundi?"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Ouvert mardi?"),
        own_feed(page, "2", NOON + HOUR, parent="1", message="Oui!"),
        feed(page, "3", NOON + 2 * HOUR, parent="2", message="Merci, et jeudi?"),
        feed(page, "3", NOON + 3 * HOUR, verb="hide", message="Merci, et jeudi?"),
    ]
    pictures = {}
    for order in permutations(events):
        with transaction.atomic():
            take_in(*order, *order[:2], at=LATER)
            pictures[repr(picture())] = [events.index(event) for event in order]
            assert not EarlyEvent.objects.exists()
            transaction.set_rollback(True)

    assert len(pictures) == 1, list(pictures.items())[:2]


def test_a_removal_before_its_comment_leaves_a_tombstone(page):
    take_in(feed(page, "1", NOON + HOUR, verb="remove"), at=LATER)
    assert EarlyEvent.objects.count() == 1

    take_in(feed(page, "1", NOON, message="Trop tard"), at=LATER)

    assert (Message.objects.get().text, Message.objects.get().removed_at) == ("", NOON + HOUR)
    assert not EarlyEvent.objects.exists()


def test_a_thread_that_is_heard_of_from_its_leaves_upward_is_one_conversation(page):
    leaf = feed(page, "3", NOON + 2 * HOUR, parent="2", message="Troisième")
    middle = feed(page, "2", NOON + HOUR, parent="1", message="Deuxième")
    root = feed(page, "1", NOON, message="Premier")

    take_in(leaf, middle, root, at=LATER)

    conversation = Conversation.objects.get()
    assert (conversation.thread_id, conversation.messages.count()) == ("900111_1", 3)
    running = conversation.waits.get(ended_at=None)
    assert (running.started_at, running.messages.count()) == (NOON, 3)


def test_our_own_comment_that_answers_nobody_is_kept_and_opens_no_conversation(page):
    take_in(own_feed(page, "9", NOON, parent="", message="Joyeuses fêtes!"), at=NOON)

    assert EarlyEvent.objects.get().refers_to == f"{page.external_id}_900111"
    assert not Conversation.objects.exists()


# --- our own answers coming back -------------------------------------------------------------------------------


def record(conversation, at, external_id="m_2", **fields):
    return intake.record_own(conversation, external_id=external_id, text="Oui.", sent_at=at, now=LATER, **fields)


@pytest.mark.parametrize("echo_first", [True, False])
def test_our_answer_and_its_echo_are_one_message_with_the_platforms_time(page, echo_first):
    take_in(messenger(page, "m_1", NOON, text="C’est prêt?"), at=LATER)
    conversation = Conversation.objects.get()
    echo = messenger(page, "m_2", NOON + HOUR + SECOND / 2, echo=True, text="Oui.")

    if echo_first:
        take_in(echo, at=LATER)
        record(conversation, NOON + HOUR)
    else:
        record(conversation, NOON + HOUR)
        take_in(echo, at=LATER)

    wait = conversation.waits.get()
    assert conversation.messages.filter(direction="out").count() == 1
    assert (wait.ended_by, wait.ended_at) == ("comptoir", NOON + HOUR + SECOND / 2)


def test_recording_an_answer_twice_keeps_one(page):
    take_in(messenger(page, "m_1", NOON, text="C’est prêt?"), at=LATER)
    conversation = Conversation.objects.get()

    record(conversation, NOON + HOUR)
    record(conversation, NOON + HOUR)

    assert conversation.messages.filter(direction="out").count() == 1


@pytest.mark.parametrize("echo_first", [True, False])
def test_a_private_answer_to_a_comment_stands_under_the_comment(page, echo_first):
    take_in(feed(page, "1", NOON, message="Mon ordonnance?"), at=LATER)
    conversation = Conversation.objects.get()
    echo = messenger(page, "m_2", NOON + HOUR, echo=True, text="Oui.")

    if echo_first:
        take_in(echo, at=LATER)
    record(conversation, NOON + HOUR, private=True)
    if not echo_first:
        take_in(echo, at=LATER)

    assert Conversation.objects.get().waits.get().ended_by == "comptoir"
    assert Message.objects.get(direction="out").private


def test_a_reply_written_before_its_answer_was_known_moves_under_it(page):
    take_in(feed(page, "1", NOON, message="?"), feed(page, "3", NOON + 2 * HOUR, parent="2", message="Merci"), at=LATER)
    conversation = Conversation.objects.get(thread_id="900111_1")

    record(conversation, NOON + HOUR, external_id="900111_2", reply_to="900111_1")

    assert Conversation.objects.get().messages.count() == 3


# --- what finds no place -----------------------------------------------------------------------------------------


def test_an_event_for_an_unknown_page_is_kept_and_taken_in_once_it_is_connected(place):
    stranger = make_channel(external_id="100200300400501")
    body = feed(stranger, "1", NOON, message="Allô?")
    stranger.delete()
    take_in(body, at=NOON)
    assert UnhandledEvent.objects.get().page_id == "100200300400501"

    channels.connect(place, "facebook", external_id="100200300400501", name="Page", token="t", by=None, now=NOON + HOUR)
    intake.drain(now=NOON + HOUR)

    assert Conversation.objects.get().due_at == NOON + DAY
    assert not UnhandledEvent.objects.exists()


def test_a_page_of_another_organization_is_not_connected_twice(page):
    elsewhere = make_location()

    with pytest.raises(channels.AlreadyConnected):
        channels.connect(elsewhere, "facebook", external_id=page.external_id, name="Page", token="t", by=None, now=NOON)


def test_what_comes_for_a_disconnected_page_is_kept_until_it_is_connected_again(page, ana, settings):
    settings.META_GRAPH_URL = "http://127.0.0.1:9"  # nobody is there to be asked to stop
    channels.disconnect(page, by=None, now=NOON)
    take_in(feed(page, "1", NOON, message="?"), at=NOON)

    assert not Conversation.objects.exists()
    assert UnhandledEvent.objects.get().reason == "unknown_channel"


def test_an_unknown_kind_of_event_is_kept_and_counted(page):
    take_in(feed(page, "1", NOON, item="hologram"), at=NOON)

    assert UnhandledEvent.objects.get().channel == page
    assert Delivery.objects.get().outcome == "partly"


def test_a_signed_body_that_is_no_json_is_kept_as_failed(page):
    take_in(b"\xff\x00 not json", at=NOON)

    assert (Delivery.objects.get().outcome, Delivery.objects.get().processed_at) == ("failed", NOON)


def test_a_delivery_that_fails_does_not_hold_up_the_next_and_is_tried_again_later(page):
    broken = feed(page, "1", NOON, message="?", author={"id": "1", "name": "x"})
    # A policy is missing: the wait cannot begin.
    page.organization.policies.all().delete()
    take_in(broken, at=NOON)
    failed = Delivery.objects.get()
    assert (failed.processed_at, failed.attempts, failed.try_at > NOON) == (None, 1, True)
    assert not Conversation.objects.exists()

    for attempt in range(12):
        intake.drain(now=NOON + (attempt + 1) * HOUR)

    failed.refresh_from_db()
    assert (failed.outcome, failed.attempts) == ("failed", intake.MAX_ATTEMPTS)


def test_a_future_time_of_the_platform_is_not_believed(page):
    take_in(feed(page, "1", NOON + 3 * MINUTE, message="?"), at=NOON)

    assert Conversation.objects.get().waits.get().started_at == NOON


def test_nothing_is_taken_before_its_time(page):
    Delivery.objects.store("meta", feed(page, "1", NOON, message="?"), signed_by="sha256", now=NOON + HOUR)

    assert intake.drain(now=NOON) == 0
    assert intake.drain(now=NOON + HOUR) == 1


def test_the_late_echo_of_an_answer_that_a_person_declared_sent_is_that_answer(page):
    take_in(messenger(page, "m_1", NOON, text="C’est prêt?"), at=LATER)
    conversation = Conversation.objects.get()
    record(conversation, NOON + HOUR, external_id="comptoir:k", correlation="comptoir:k")

    take_in(messenger(page, "m_2", NOON + 2 * HOUR, echo=True, text="Oui.", metadata="comptoir:k"), at=LATER)

    [answer] = conversation.messages.filter(direction="out")
    assert (answer.external_id, answer.sent_at, answer.source) == ("m_2", NOON + 2 * HOUR, "comptoir")
