import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inbox.models import Channel, Delivery
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_channel,
    make_contact,
    make_conversation,
    make_location,
    make_message,
    make_waiting,
)
from tests.inbox.wire import feed, own_feed, take_in

pytestmark = pytest.mark.django_db


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def rows(**options):
    return [json.loads(line) for line in run("export", "conversations", **options).splitlines()]


def test_a_conversation_is_one_line_of_json():
    page = make_channel(external_id="100200300400500")
    take_in(
        feed(page, "1", NOON, message="Ouvert lundi?"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Ouvert mardi?"),
        own_feed(page, "2", NOON + HOUR, parent="1", message="Oui!"),
        at=NOON + 2 * HOUR,
    )

    assert rows() == [
        {
            "platform": "facebook",
            "channel_id": "100200300400500",
            "kind": "comment",
            "thread_id": "900111_1",
            "contact": {"id": "7011223344556677", "name": "Julie Exemple"},
            "state": "answered",
            "rating": None,
            "messages": [
                {
                    "external_id": "900111_1",
                    "direction": "in",
                    "text": "Ouvert mardi?",
                    "sent_at": "2026-11-23T17:00:00Z",
                    "edited_at": "2026-11-23T17:01:00Z",
                    "removed_at": None,
                    "hidden": False,
                    "rating": None,
                    "moderation": None,
                    "moderated_at": None,
                    "source": "platform",
                },
                {
                    "external_id": "900111_2",
                    "direction": "out",
                    "text": "Oui!",
                    "sent_at": "2026-11-23T18:00:00Z",
                    "edited_at": None,
                    "removed_at": None,
                    "hidden": False,
                    "rating": None,
                    "moderation": None,
                    "moderated_at": None,
                    "source": "native",
                },
            ],
            "waits": [
                {
                    "started_at": "2026-11-23T17:00:00Z",
                    "due_at": "2026-11-24T17:00:00Z",
                    "state": "met",
                    "ended_at": "2026-11-23T18:00:00Z",
                    "outcome": "answered",
                    "ended_by": "native",
                }
            ],
        }
    ]


def test_a_running_wait_has_no_end():
    make_waiting(at=NOON)

    [row] = rows()
    assert (row["state"], row["waits"][0]["ended_at"], row["waits"][0]["outcome"]) == ("waiting", None, None)


def test_one_organization_alone_can_be_exported():
    mine = make_waiting()
    make_waiting()

    assert len(rows(organization=mine.organization.slug)) == 1
    assert len(rows()) == 2


def test_a_review_has_its_stars_and_an_answer_what_the_platform_decided_of_it(place):
    review = make_waiting(make_channel(place, platform="google"), kind="review", rating="2")
    review.messages.update(rating="2")
    make_message(review, at=NOON + HOUR, direction="out", moderation="rejected", moderated_at=NOON + 2 * HOUR)

    (row,) = rows()

    assert (row["rating"], row["messages"][0]["rating"]) == ("2", "2")
    answer = row["messages"][1]
    assert (answer["moderation"], answer["moderated_at"]) == ("rejected", "2026-11-23T19:00:00Z")


def test_an_unknown_organization_is_an_error():
    with pytest.raises(CommandError):
        rows(organization="nowhere")


def test_the_number_of_questions_to_the_database_does_not_follow_the_number_of_rows(django_assert_max_num_queries):
    for _ in range(5):
        make_waiting()

    with django_assert_max_num_queries(4):
        rows()


# --- connect --------------------------------------------------------------------------------------------------


def connect(place, **options):
    given = {"organization": place.organization.slug, "location": place.slug, "id": "1", "name": "Page", "token": "t"}
    return run("connect", "facebook", **(given | options))


def test_a_page_is_connected_from_the_command_line(place):
    assert "Connected facebook 1" in connect(place)
    assert Channel.objects.get().token == "t"


def test_the_token_is_not_written_out(place):
    assert "secret-token" not in connect(place, token="secret-token")


@pytest.mark.parametrize("wrong", [{"organization": "nowhere"}, {"location": "nowhere"}])
def test_an_unknown_place_is_an_error_and_connects_nothing(place, wrong):
    with pytest.raises(CommandError):
        connect(place, **wrong)
    assert not Channel.objects.exists()


def test_a_page_of_another_organization_is_an_error(place):
    make_channel(make_location(), external_id="1")

    with pytest.raises(CommandError):
        connect(place)


# --- deliveries -------------------------------------------------------------------------------------------------


def test_failed_deliveries_are_listed_and_can_be_queued_again():
    take_in(b"not json", at=NOON)

    assert "1 failed, 0 waiting" in run("deliveries")
    assert "1 queued again" in run("deliveries", retry=str(Delivery.objects.get().pk))
    assert Delivery.objects.filter(processed_at=None).count() == 1


def test_the_pages_that_nobody_has_connected_are_told_to_whoever_runs_the_server(place):
    stranger = make_channel(place, external_id="100200300400500")
    body = feed(stranger, "1", NOON, message="Mes mots à moi")
    stranger.delete()
    take_in(body, at=NOON)

    said = run("deliveries")

    assert "not connected\tfacebook\t100200300400500\t1" in said
    assert "Mes mots" not in said


def test_only_a_number_or_all_can_be_queued_again():
    with pytest.raises(CommandError):
        run("deliveries", retry="some")


def test_where_people_are_called_after_their_telephone_number_an_export_calls_them_otherwise():
    channel = make_channel(platform="whatsapp")
    contact = make_contact(channel, external_id="14185550177", phone="14185550177", name="Julie Exemple")
    conversation = make_conversation(channel, "message", contact=contact)
    make_message(conversation, external_id="wamid.HBgLMTQxODU1NTAxNzc=")

    [row] = rows()

    assert "5550177" not in json.dumps(row)
    assert row["thread_id"] == row["contact"]["id"]
    assert row["messages"][0]["external_id"].startswith("hidden-")
    assert rows() == [row]
