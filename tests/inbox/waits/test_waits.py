import pytest
from django.db import IntegrityError, connection, transaction

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import conversations, waits
from inbox.models import Conversation, Message, Notice, Wait, WaitEvent
from inbox.waits import policies
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db


def the_wait(conversation: Conversation) -> Wait:
    return conversation.waits.get()


def told(wait: Wait) -> list[str]:
    return list(wait.events.values_list("kind", flat=True))


def make_answer(conversation: Conversation, at, source="comptoir", **fields) -> Message:
    return make_message(conversation, at=at, direction="out", source=source, text="Oui, de 9 h à 21 h.", **fields)


def remove(message: Message, at) -> None:
    message.removed_at = at
    message.save()
    waits.settle(message.conversation, now=at)


def test_a_wait_starts_at_the_platforms_time_and_not_when_we_heard():
    conversation = make_waiting(at=NOON)
    make_message(conversation, at=NOON - HOUR, received_at=NOON + HOUR)

    wait = the_wait(conversation)
    assert wait.started_at == NOON - HOUR
    assert wait.due_at == NOON + 23 * HOUR
    assert told(wait) == ["started", "moved_earlier", "extended"]


def test_further_messages_do_not_reset_the_clock():
    conversation = make_waiting(at=NOON)
    make_message(conversation, at=NOON + 3 * HOUR)

    conversation.refresh_from_db()
    assert conversation.due_at == NOON + DAY
    assert conversation.waiting_count == 2


def test_the_list_shows_the_oldest_unanswered_words():
    conversation = make_waiting(at=NOON, text="Avez-vous le vaccin?")
    make_message(conversation, at=NOON + HOUR, text="Allô?")

    conversation.refresh_from_db()
    assert conversation.preview == "Avez-vous le vaccin?"


def test_an_answer_ends_the_wait_at_the_platforms_time():
    conversation = make_waiting(at=NOON)
    answer = make_answer(conversation, NOON + HOUR, received_at=NOON + 5 * HOUR)

    wait = the_wait(conversation)
    assert (wait.ended_at, wait.outcome, wait.ended_by, wait.answer) == (NOON + HOUR, "answered", "comptoir", answer)
    conversation.refresh_from_db()
    assert (conversation.due_at, conversation.state) == (None, "answered")


def test_an_answer_typed_on_the_platform_ends_it_as_native():
    conversation = make_waiting(at=NOON)
    make_answer(conversation, NOON + HOUR, source="native")

    assert the_wait(conversation).ended_by == "native"


def test_an_automatic_answer_stops_nothing():
    conversation = make_waiting(at=NOON)
    answer = make_answer(conversation, NOON + SECOND, source="native")

    answer.refresh_from_db()
    assert answer.source == "automatic"
    assert the_wait(conversation).ended_at is None


@pytest.mark.parametrize(("after", "state"), [(DAY - SECOND, "met"), (DAY, "met"), (DAY + SECOND, "met_late")])
def test_a_reply_at_the_exact_due_second_is_on_time(after, state):
    conversation = make_waiting(at=NOON)
    make_answer(conversation, NOON + after)

    assert the_wait(conversation).state(NOON + 3 * DAY) == state


def test_a_late_report_of_an_answer_corrects_the_wait_and_leaves_a_trace():
    conversation = make_waiting(at=NOON)
    waits.flag_due(now=NOON + DAY + HOUR)

    make_answer(conversation, NOON + HOUR, source="native", received_at=NOON + DAY + 2 * HOUR)

    wait = the_wait(conversation)
    assert wait.state(NOON + 2 * DAY) == "met"
    assert told(wait) == ["started", "near", "urgent", "late", "corrected"]


def test_a_late_answer_between_two_questions_splits_the_wait():
    conversation = make_waiting(at=NOON)
    make_message(conversation, at=NOON + 2 * HOUR)
    make_answer(conversation, NOON + HOUR, source="native", received_at=NOON + 3 * HOUR)

    first, second = conversation.waits.order_by("started_at")
    assert (first.outcome, first.ended_at) == ("answered", NOON + HOUR)
    assert (second.started_at, second.ended_at) == (NOON + 2 * HOUR, None)


def test_taking_back_the_only_message_cancels_the_wait():
    conversation = make_waiting(at=NOON)
    remove(conversation.messages.get(), NOON + HOUR)

    wait = the_wait(conversation)
    assert (wait.outcome, wait.ended_by, wait.ended_at) == ("cancelled", "author", NOON + HOUR)


def test_taking_back_one_of_two_leaves_the_wait_with_its_start():
    conversation = make_waiting(at=NOON)
    make_message(conversation, at=NOON + HOUR, text="Et mardi?")
    remove(conversation.messages.order_by("sent_at")[0], NOON + 2 * HOUR)

    assert (the_wait(conversation).started_at, the_wait(conversation).ended_at) == (NOON, None)
    conversation.refresh_from_db()
    assert (conversation.preview, conversation.waiting_count) == ("Et mardi?", 1)


def test_a_message_that_arrives_late_revives_a_cancelled_wait_and_joins_the_next():
    conversation = make_waiting(at=NOON)
    remove(conversation.messages.get(), NOON + HOUR)
    make_message(conversation, at=NOON + 2 * HOUR)
    make_message(conversation, at=NOON + MINUTE, received_at=NOON + 3 * HOUR)

    running = conversation.waits.get(ended_at=None)
    assert running.started_at == NOON
    assert conversation.waits.exclude(pk=running.pk).get().reason == waits.JOINED


def test_settling_again_changes_nothing():
    conversation = make_waiting(at=NOON)
    make_answer(conversation, NOON + HOUR)
    make_message(conversation, at=NOON + 2 * HOUR)
    before = list(conversation.waits.order_by("pk").values()), WaitEvent.objects.count()

    waits.settle(conversation, now=NOON + DAY)

    assert (list(conversation.waits.order_by("pk").values()), WaitEvent.objects.count()) == before


def test_settling_from_a_late_moment_gives_the_same_as_settling_everything():
    conversation = make_waiting(at=NOON)
    make_answer(conversation, NOON + HOUR)
    make_message(conversation, at=NOON + 2 * HOUR)
    make_answer(conversation, NOON + 3 * HOUR, settle=False)

    waits.settle(conversation, now=NOON + DAY, since=NOON + 3 * HOUR)

    partly = list(conversation.waits.order_by("pk").values())
    waits.settle(conversation, now=NOON + DAY)
    assert list(conversation.waits.order_by("pk").values()) == partly
    assert {wait["outcome"] for wait in partly} == {"answered"}


def test_the_database_refuses_two_running_waits_in_one_conversation():
    conversation = make_waiting()
    wait = the_wait(conversation)
    wait.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        wait.save(force_insert=True)


# --- by hand ---------------------------------------------------------------------------------------------


def test_excluding_needs_a_running_wait_and_is_written_down(place):
    conversation = make_waiting()
    boss = make_member(conversation.organization, Role.MANAGER)

    waits.exclude(the_wait(conversation), reason="Pourriel", by=boss, now=NOON + HOUR)

    wait = the_wait(conversation)
    assert (wait.state(NOON + 2 * DAY), wait.ended_by, wait.ender) == ("excluded", "staff", boss)
    assert AuditEntry.objects.filter(action="wait.excluded", actor=boss).exists()
    with pytest.raises(waits.NotPossible):
        waits.exclude(wait, reason="Encore", by=boss, now=NOON + HOUR)


def test_reopening_restores_the_original_due_time():
    conversation = make_waiting(at=NOON)
    boss = make_member(conversation.organization, Role.MANAGER)
    waits.exclude(the_wait(conversation), reason="Pourriel", by=boss, now=NOON + HOUR)

    waits.reopen(the_wait(conversation), by=boss, now=NOON + 30 * HOUR)

    wait = the_wait(conversation)
    assert (wait.due_at, wait.state(NOON + 30 * HOUR)) == (NOON + DAY, "overdue")
    conversation.refresh_from_db()
    assert conversation.due_at == NOON + DAY


def test_reopening_while_another_message_waits_joins_both():
    conversation = make_waiting(at=NOON)
    boss = make_member(conversation.organization, Role.MANAGER)
    waits.exclude(the_wait(conversation), reason="Pourriel", by=boss, now=NOON + HOUR)
    excluded = the_wait(conversation)
    make_message(conversation, at=NOON + 2 * HOUR)

    waits.reopen(excluded, by=boss, now=NOON + 3 * HOUR)

    running = conversation.waits.get(ended_at=None)
    assert (running.pk, running.started_at, running.messages.count()) == (excluded.pk, NOON, 2)


def test_a_message_after_a_close_starts_a_new_wait_and_leaves_the_old_result():
    conversation = make_waiting(at=NOON)
    member = make_member(conversation.organization)
    conversations.close(conversation, "no_reply_needed", by=member, now=NOON + HOUR)

    make_message(conversation, at=NOON + 2 * HOUR)

    old, new = conversation.waits.order_by("started_at")
    assert (old.outcome, new.ended_at) == ("closed_no_reply", None)
    conversation.refresh_from_db()
    assert conversation.state == "waiting"


def test_only_what_a_person_ended_can_be_reopened():
    conversation = make_waiting(at=NOON)
    make_answer(conversation, NOON + HOUR)

    with pytest.raises(waits.NotPossible):
        waits.reopen(the_wait(conversation), by=make_member(conversation.organization), now=NOON + DAY)


def test_closing_as_spam_takes_the_wait_out_of_the_figures():
    conversation = make_waiting(at=NOON)
    conversations.close(conversation, "spam", by=make_member(conversation.organization), now=NOON + HOUR)

    assert the_wait(conversation).outcome == "excluded"


def test_reopening_a_conversation_lets_its_wait_run_on():
    conversation = make_waiting(at=NOON)
    member = make_member(conversation.organization)
    conversations.close(conversation, "no_reply_needed", by=member, now=NOON + HOUR)

    conversations.reopen(conversation, by=member, now=NOON + 2 * HOUR)

    assert (conversation.state, conversation.due_at) == ("waiting", NOON + DAY)


def test_notes_and_assignment_never_stop_a_wait():
    conversation = make_waiting()
    member = make_member(conversation.organization)

    conversations.add_note(conversation, "À voir avec la pharmacienne.", by=member, now=NOON + HOUR)
    conversations.assign(conversation, member, by=member, now=NOON + HOUR)

    assert the_wait(conversation).ended_at is None


# --- the clock ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (6 * HOUR + SECOND, []),
        (6 * HOUR, ["near"]),
        (2 * HOUR + SECOND, ["near"]),
        (2 * HOUR, ["near", "urgent"]),
        (0 * HOUR, ["near", "urgent"]),
        (-SECOND, ["near", "urgent", "late"]),
    ],
)
def test_the_clock_records_what_a_wait_has_reached(left, expected):
    conversation = make_waiting(at=NOON)

    waits.flag_due(now=NOON + DAY - left)

    assert told(the_wait(conversation)) == ["started", *expected]


def test_each_level_is_recorded_and_told_once():
    conversation = make_waiting(at=NOON)
    make_member(conversation.organization)

    flagged = [waits.flag_due(now=NOON + 18 * HOUR + minutes * MINUTE) for minutes in (0, 0, 1, 240, 241)]

    assert flagged == [1, 0, 0, 1, 0]
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == ["near", "urgent"]


def test_after_a_clock_that_stood_still_only_the_last_word_is_told():
    conversation = make_waiting(at=NOON)
    make_member(conversation.organization)

    waits.flag_due(now=NOON + 2 * DAY)

    assert list(Notice.objects.values_list("kind", flat=True)) == ["late"]
    assert the_wait(conversation).events.get(kind="late").at == NOON + DAY + SECOND


def test_only_the_assignee_is_told_of_an_assigned_conversation():
    conversation = make_waiting(at=NOON)
    make_member(conversation.organization)
    holder = make_member(conversation.organization)
    conversations.assign(conversation, holder, by=holder, now=NOON)

    waits.flag_due(now=NOON + 19 * HOUR)

    assert [notice.membership for notice in Notice.objects.all()] == [holder]


def test_once_it_is_late_who_reviews_misses_is_told_as_well():
    conversation = make_waiting(at=NOON)
    holder, _colleague = (make_member(conversation.organization) for _ in range(2))
    manager = make_member(conversation.organization, Role.MANAGER)
    make_member(conversation.organization, Role.MANAGER, locations=[make_location(conversation.organization)])
    conversations.assign(conversation, holder, by=holder, now=NOON)

    waits.flag_due(now=NOON + 23 * HOUR)
    waits.flag_due(now=NOON + 25 * HOUR)

    told_of = {kind: {notice.membership for notice in Notice.objects.filter(kind=kind)} for kind in ("urgent", "late")}
    assert told_of == {"urgent": {holder}, "late": {holder, manager}}


def test_where_it_was_handed_to_somebody_who_may_not_answer_those_who_may_are_told_too():
    conversation = make_waiting(at=NOON)
    answering, privacy = make_member(conversation.organization), make_member(conversation.organization, Role.PRIVACY)
    conversations.assign(conversation, privacy, by=answering, now=NOON)

    waits.flag_due(now=NOON + 19 * HOUR)

    assert {notice.membership for notice in Notice.objects.filter(kind="near")} == {answering, privacy}


def test_people_of_another_location_are_not_told(place):
    conversation = make_waiting(at=NOON)
    make_member(conversation.organization, locations=[place])

    waits.flag_due(now=NOON + 19 * HOUR)

    assert not Notice.objects.exists()


def test_no_dead_worker_hides_a_miss():
    conversation = make_waiting(at=NOON)

    assert the_wait(conversation).state(NOON + DAY + SECOND) == "overdue"


def test_a_running_wait_keeps_the_policy_it_began_with():
    conversation = make_waiting(at=NOON)
    policies.create(conversation.organization, now=NOON + MINUTE, within=4 * HOUR, warnings=[HOUR])
    later = make_conversation(conversation.channel)
    make_message(later, at=NOON + HOUR)

    assert the_wait(conversation).due_at == NOON + DAY
    assert the_wait(later).due_at == NOON + 5 * HOUR


def test_the_sweep_reads_only_what_is_due(django_assert_max_num_queries):
    for _ in range(3):
        make_conversation()

    with django_assert_max_num_queries(3):
        waits.flag_due(now=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'wait_to_flag'")
        assert "WHERE" in cursor.fetchone()[0]


def test_a_wait_that_was_joined_is_no_place_to_begin_drawing_from():
    conversation = make_waiting(at=NOON)
    remove(conversation.messages.get(), NOON + SECOND)
    make_message(conversation, at=NOON + HOUR)
    make_message(conversation, at=NOON)  # told late: nobody had taken back all that waited, so the two waits are one
    later = make_message(conversation, at=NOON + 2 * HOUR, settle=False)

    waits.settle(conversation, now=NOON + 3 * HOUR, since=later.sent_at)

    assert conversation.waits.get(ended_at=None).started_at == NOON
