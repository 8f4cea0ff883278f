from datetime import timedelta

import pytest

from inbox import intake
from inbox.channels.gaps import reconciliation
from inbox.keeping import retention
from inbox.models import Clue, Conversation, Delivery, Gap, Message, RejectedCount, Trouble, UnhandledEvent
from inbox.platforms import listings
from inbox.platforms.base import Difference, LookLater, Reason, SendNotReached, SendRefused
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_post
from tests.inbox.wire import feed, own_feed, take_in

pytestmark = pytest.mark.django_db
LOOK = NOON + HOUR


def compare(page, at=LOOK):
    """One look, and what it brings in."""
    page.refresh_from_db()
    if page.list_at and page.list_at > at:
        type(page).objects.filter(pk=page.pk).update(list_at=at)
    found = reconciliation.compare(page.pk, now=at)
    intake.drain(now=at)
    page.refresh_from_db()
    return found


def causes():
    return sorted(Gap.objects.values_list("kind", "cause"))


# --- what is found ----------------------------------------------------------------------------------------


def test_a_comment_whose_webhook_was_dropped_is_brought_in_with_the_clock_of_its_own_time(page, shelf):
    shelf.put("1", NOON + MINUTE, "Êtes-vous ouverts lundi?")

    assert compare(page) == 1

    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.due_at) == ("Êtes-vous ouverts lundi?", NOON + MINUTE + DAY)
    gap = Gap.objects.get()
    assert (gap.kind, gap.cause, gap.posted_at, gap.found_at) == ("missing", "dropped", NOON + MINUTE, LOOK)
    assert gap.delivery.endpoint == listings.ENDPOINT
    assert gap.delivery.outcome == "done"


def test_what_a_webhook_told_is_no_gap(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    shelf.put("1", NOON, "Ouvert?")

    assert compare(page) == 0

    assert not Gap.objects.exists()
    assert Delivery.objects.count() == 1
    assert page.listed_at == LOOK


def test_a_difference_is_reported_and_brought_in_once_although_it_is_found_again(page, shelf):
    shelf.put("1", NOON)
    reconciliation.compare(page.pk, now=LOOK)  # and nobody takes it in

    assert compare(page, LOOK + HOUR) == 0

    assert Gap.objects.count() == 1
    assert Message.objects.count() == 1


def test_an_edit_is_found_and_the_words_before_are_kept(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert lundi?"), at=NOON + SECOND)
    shelf.put("1", NOON, "Ouvert mardi?")

    compare(page)

    message = Message.objects.get()
    assert (message.text, message.edited_at) == ("Ouvert mardi?", LOOK)
    assert [version.text for version in message.versions.all()] == ["Ouvert lundi?", "Ouvert mardi?"]
    assert causes() == [("edited", "dropped")]


def test_an_edit_that_a_webhook_tells_while_we_look_is_not_undone(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert lundi?"), at=NOON + SECOND)
    shelf.put("1", NOON, "Ouvert lundi?")
    edit = feed(page, "1", LOOK + SECOND, verb="edited", message="Ouvert mardi?")
    shelf.while_listing = lambda: take_in(edit, at=LOOK + SECOND)

    compare(page)

    assert Message.objects.get().text == "Ouvert mardi?"
    assert not Gap.objects.exists()


def test_hiding_and_showing_again_are_found(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    shelf.put("1", NOON, "Ouvert?", hidden=True)
    compare(page)
    hidden = Message.objects.get().hidden
    shelf.put("1", NOON, "Ouvert?", hidden=False)
    compare(page, LOOK + HOUR)

    assert hidden
    assert not Message.objects.get().hidden
    assert causes() == [("hidden", "dropped"), ("shown", "dropped")]


def test_what_is_gone_from_the_page_is_looked_for_once_more_and_then_removed(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), feed(page, "2", NOON, message="Et mardi?"), at=NOON + SECOND)
    shelf.put("2", NOON, "Et mardi?")

    compare(page)

    gone = Message.objects.get(external_id="900111_1")
    assert (gone.removed_at, gone.text) == (LOOK, "")
    assert gone.conversation.waits.get().outcome == "cancelled"
    assert shelf.second_looks == ["900111_1"]
    assert causes() == [("removed", "dropped")]


def test_what_a_listing_leaves_out_and_the_platform_still_has_stays_and_is_not_asked_for_again_that_day(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    shelf.kept_back = {"900111_1"}

    compare(page)
    compare(page, LOOK + HOUR)
    assert shelf.second_looks == ["900111_1"]
    compare(page, LOOK + DAY + SECOND)

    assert len(shelf.second_looks) == 2
    assert Message.objects.get().removed_at is None


def test_second_looks_are_bounded_and_the_next_look_goes_on_where_this_one_stopped(page, shelf, monkeypatch):
    monkeypatch.setattr(reconciliation, "MOST_SECOND_LOOKS", 2)
    names = [str(number) for number in range(1, 4)]
    take_in(*(feed(page, name, NOON, message=f"Question {name}") for name in names), at=NOON + SECOND)
    shelf.put("9", NOON, "Encore une")
    shelf.kept_back = {f"900111_{name}" for name in names}

    compare(page)
    compare(page, LOOK + HOUR)

    assert sorted(shelf.second_looks) == sorted(shelf.kept_back)


def test_what_somebody_waits_for_is_looked_at_again_however_old_it_is_once_a_day(page, shelf):
    old = NOON - 20 * DAY
    take_in(feed(page, "1", old, message="Ouvert?"), feed(page, "2", old + SECOND, message="Et mardi?"), at=old + MINUTE)
    shelf.kept_back = {"900111_2"}

    compare(page)
    compare(page, LOOK + HOUR)
    assert sorted(shelf.second_looks) == ["900111_1", "900111_2"]
    shelf.kept_back = set()
    compare(page, LOOK + DAY + HOUR)

    gone = Message.objects.get(external_id="900111_1")
    assert (gone.removed_at, gone.conversation.waits.get().outcome) == (LOOK, "cancelled")
    assert Message.objects.get(external_id="900111_2").removed_at == LOOK + DAY + HOUR


def test_older_than_the_list_reaches_nothing_is_asked_for_that_was_answered_or_stands_under_the_media_of_others(page, shelf):
    old = NOON - 4 * DAY
    answer = own_feed(page, "2", old + HOUR, parent="1", message="Oui!")
    take_in(feed(page, "1", old, message="Ouvert?"), answer, feed(page, "3", old, message="Bravo"), at=old + HOUR)
    mention = make_post(page, kind="mention")
    Conversation.objects.filter(thread_id="900111_3").update(post=mention)

    compare(page)

    assert not shelf.second_looks


def test_what_was_just_left_out_is_looked_at_before_what_is_old_and_then_what_was_not_looked_at_for_longest(
    page, shelf, monkeypatch
):
    monkeypatch.setattr(reconciliation, "MOST_SECOND_LOOKS", 1)
    old = NOON - 4 * DAY
    take_in(feed(page, "1", old, message="Ouvert?"), feed(page, "2", old + HOUR, message="Et mardi?"), at=old + HOUR)
    take_in(feed(page, "3", NOON, message="Et demain?"), at=NOON + SECOND)
    shelf.kept_back = {"900111_1", "900111_2", "900111_3"}

    for number in range(4):
        compare(page, LOOK + number * HOUR)
    compare(page, LOOK + DAY + 4 * HOUR)

    assert shelf.second_looks == ["900111_3", "900111_2", "900111_1", "900111_3"]


def test_what_was_removed_by_mistake_comes_back(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), feed(page, "1", NOON + MINUTE, verb="remove"), at=NOON + MINUTE)
    shelf.put("1", NOON, "Ouvert?")

    compare(page)

    message = Message.objects.get()
    assert (message.removed_at, message.text) == (None, "Ouvert?")
    assert message.conversation.due_at == NOON + DAY


def test_our_own_answer_typed_on_the_platform_is_found_and_ends_the_wait(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    shelf.put("1", NOON, "Ouvert?")
    shelf.put("2", NOON + 10 * MINUTE, "Oui!", ours=True, parent="900111_1")

    compare(page)

    wait = Conversation.objects.get().waits.get()
    assert (wait.outcome, wait.ended_at) == ("answered", NOON + 10 * MINUTE)


def test_a_list_without_anything_although_much_was_just_written_is_not_believed(page, shelf):
    take_in(*(feed(page, str(number), NOON, message="Ouvert?") for number in range(3)), at=NOON + SECOND)

    compare(page)

    assert not Message.objects.exclude(removed_at=None).exists()
    assert (page.list_problem, page.list_failures) == ("permission", 1)


def test_an_item_that_nobody_understands_is_set_aside_once(page, shelf):
    shelf.items = [{"id": "", "at": NOON.isoformat(), "text": "?"}]

    compare(page)
    compare(page, LOOK + HOUR)

    assert UnhandledEvent.objects.get().reason == "unrecognised"


def test_posts_that_no_webhook_told_are_brought_in_and_are_no_gap(page, shelf):
    shelf.items = [{"id": "post-1", "at": NOON.isoformat(), "text": "La clinique est ouverte.", "post": True}]

    assert compare(page) == 1
    assert compare(page, LOOK + HOUR) == 0

    assert page.posts.get().text == "La clinique est ouverte."
    assert not Gap.objects.exists()


def test_words_that_may_not_be_kept_do_not_come_back_by_looking(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), feed(page, "2", NOON, message="Et mardi?"), at=NOON + SECOND)
    retention.erase_words(Message.objects.all(), now=NOON + MINUTE)
    Message.objects.filter(external_id="900111_2").update(removed_at=NOON + MINUTE)
    shelf.put("1", NOON, "Ouvert?")
    shelf.put("2", NOON, "Et mardi?")

    assert compare(page) == 0

    assert set(Message.objects.values_list("text", flat=True)) == {""}


# --- history ----------------------------------------------------------------------------------------------


def test_what_was_written_before_the_page_was_connected_is_shown_and_starts_no_clock(page, shelf):
    type(page).objects.filter(pk=page.pk).update(connected_at=NOON, listed_at=None)
    shelf.put("1", NOON - SECOND, "Une vieille question")
    shelf.put("2", NOON, "Une nouvelle question")

    compare(page)

    assert list(Conversation.objects.order_by("created_at").values_list("due_at", flat=True)) == [None, NOON + DAY]
    assert causes() == [("missing", "dropped"), ("missing", "history")]
    assert shelf.asked[0].since == NOON - 3 * DAY


def test_history_that_a_webhook_tells_as_well_counts_like_any_other_in_either_order(page, shelf):
    type(page).objects.filter(pk=page.pk).update(connected_at=NOON, listed_at=None)
    shelf.put("1", NOON - HOUR, "Ouvert?")

    compare(page)
    take_in(feed(page, "1", NOON - HOUR, message="Ouvert?"), at=LOOK)

    assert Conversation.objects.get().due_at == NOON - HOUR + DAY


def test_after_a_long_absence_the_page_is_looked_through_from_where_we_left_it(page, shelf):
    compare(page, NOON + 10 * DAY)
    compare(page, NOON + 60 * DAY)

    assert [asked.since for asked in shelf.asked] == [NOON - HOUR, NOON + 30 * DAY]


def test_posts_that_are_alive_are_named_for_platforms_that_list_by_post(page, shelf):
    make_post(page, external_id="old", published_at=NOON - 9 * DAY)
    make_post(page, external_id="gone", published_at=NOON, removed_at=NOON)
    make_post(page, external_id="new", published_at=NOON)

    compare(page)

    assert shelf.asked[0].posts == ["new"]


# --- causes -----------------------------------------------------------------------------------------------


def trouble(page, kind, begin, end):
    return Trouble.objects.create(channel=page, kind=kind, since=begin, found_at=begin, ended_at=end)


def test_a_webhook_that_came_and_could_not_be_taken_in_is_the_cause(page, shelf):
    shelf.put("1234", NOON)
    Delivery.objects.store("meta", feed(page, "1234", NOON, message="Ouvert?"), signed_by="sha256", now=NOON)
    Delivery.objects.update(processed_at=NOON, outcome="failed")

    compare(page)

    assert causes() == [("missing", "failed")]


def test_a_webhook_that_still_waits_is_the_cause(page, shelf):
    shelf.put("1234", NOON)
    Delivery.objects.store("meta", feed(page, "1234", NOON, message="Ouvert?"), signed_by="sha256", now=NOON)

    reconciliation.compare(page.pk, now=LOOK)

    assert causes() == [("missing", "waits")]


def test_a_webhook_of_another_comment_that_failed_is_no_cause(page, shelf):
    shelf.put("1234", NOON)
    Delivery.objects.store("meta", feed(page, "5678", NOON, message="Ouvert?"), signed_by="sha256", now=NOON)
    Delivery.objects.update(processed_at=NOON, outcome="failed")

    compare(page)

    assert causes() == [("missing", "dropped")]


def test_an_answer_whose_question_had_not_come_is_told_as_waiting(page, shelf):
    take_in(own_feed(page, "5678", NOON + MINUTE, parent="1234", message="Oui!"), at=NOON + MINUTE)
    shelf.put("1234", NOON, "Ouvert?")
    shelf.put("5678", NOON + MINUTE, "Oui!", ours=True, parent="900111_1234")

    compare(page)

    assert Gap.objects.get(external_id="900111_5678").cause == "waits"
    assert Conversation.objects.get().waits.get().outcome == "answered"


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("disconnected", "disconnected"),
        ("token_dead", "token_dead"),
        ("unsubscribed", "unsubscribed"),
        ("fields_missing", "fields_missing"),
        ("silent", "dropped"),
    ],
)
def test_what_was_wrong_when_it_was_written_is_the_cause(page, shelf, kind, cause):
    trouble(page, kind, NOON - HOUR, NOON + HOUR)
    shelf.put("1", NOON)

    compare(page)

    assert causes() == [("missing", cause)]


def test_what_was_wrong_at_another_time_or_with_another_page_is_no_cause(page, shelf):
    trouble(page, "unsubscribed", NOON - 2 * HOUR, NOON - HOUR)
    trouble(None, "down", NOON + 6 * MINUTE, NOON + HOUR)
    shelf.put("1", NOON)

    compare(page)

    assert causes() == [("missing", "dropped")]


def test_an_outage_of_our_own_is_the_cause_for_every_page(page, shelf):
    trouble(None, "down", NOON - HOUR, NOON + MINUTE)
    shelf.put("1", NOON)

    compare(page)

    assert causes() == [("missing", "down")]


def test_webhooks_turned_away_that_day_are_the_cause(page, shelf):
    RejectedCount.add("meta", "unsigned", now=NOON)
    shelf.put("1", NOON)

    compare(page)

    assert causes() == [("missing", "turned_away")]


def test_what_a_platform_never_tells_is_nobodys_fault(page, shelf):
    shelf.tells_of = {Difference.MISSING}
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    trouble(page, "unsubscribed", NOON - HOUR, None)

    compare(page)

    assert causes() == [("removed", "never_told")]


# --- when -------------------------------------------------------------------------------------------------


def test_a_page_is_claimed_and_looked_at_again_after_the_usual_time(page, shelf):
    shelf.while_listing = lambda: [reconciliation.compare(page.pk, now=LOOK + SECOND) is None or pytest.fail("claimed twice")]

    compare(page)

    assert page.list_at == LOOK + timedelta(minutes=15)
    assert reconciliation.compare(page.pk, now=LOOK + timedelta(minutes=14)) is None


def test_a_look_that_was_asked_for_meanwhile_is_not_put_off(page, shelf):
    soon = LOOK + SECOND
    shelf.while_listing = lambda: type(page).objects.filter(pk=page.pk).update(list_at=soon)

    compare(page)

    assert page.list_at == soon


def test_a_used_up_quota_makes_looks_rarer(page, shelf):
    type(page).objects.filter(pk=page.pk).update(quota_used=80)

    compare(page)

    assert page.list_at == LOOK + HOUR


def test_looks_are_as_far_apart_as_what_they_cost_asks(page, shelf):
    shelf.apart = 40 * MINUTE

    compare(page)

    assert page.list_at == LOOK + 40 * MINUTE


def test_a_look_that_leaves_the_rest_to_answers_is_no_failure_and_stops_nothing_else(page, shelf):
    shelf.problem = LookLater(Reason.OTHER, "kept for answers", 5 * HOUR)
    for number in range(4):
        compare(page, LOOK + number * DAY)
        assert page.list_at == LOOK + number * DAY + 5 * HOUR + timedelta(minutes=15)

    assert (page.list_failures, page.list_problem, page.throttled_until) == (0, "", None)
    assert not Trouble.objects.exists()


@pytest.mark.parametrize("blocked", [{"throttled_until": LOOK + SECOND}, {"disconnected_at": NOON}])
def test_a_page_that_may_not_be_called_is_not(page, shelf, blocked):
    type(page).objects.filter(pk=page.pk).update(**blocked)

    assert reconciliation.compare(page.pk, now=LOOK) is None
    assert not shelf.asked


def test_a_listing_that_fails_is_tried_again_each_time_later_and_told_at_the_third(page, shelf):
    shelf.problem = SendNotReached(Reason.OTHER, "ConnectTimeout")
    pauses = []
    for number in range(3):
        compare(page, LOOK + number * DAY)
        pauses.append(page.list_at - (LOOK + number * DAY))
        assert Trouble.objects.exists() is (number == 2)

    assert pauses == [timedelta(minutes=30), HOUR, 2 * HOUR]
    assert (page.list_problem, page.listed_at) == ("other", NOON)
    assert Trouble.objects.get().kind == "unlisted"


def test_half_a_listing_brings_in_nothing(page, shelf):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=NOON + SECOND)
    shelf.put("2", NOON)
    shelf.problem = SendNotReached(Reason.OTHER, "ReadTimeout")

    compare(page)

    assert not Gap.objects.exists()
    assert Message.objects.get().removed_at is None


def test_a_listing_that_works_again_ends_the_trouble(page, shelf):
    Trouble.objects.create(channel=page, kind="unlisted", since=NOON, found_at=NOON)
    type(page).objects.filter(pk=page.pk).update(list_failures=4, list_problem="other")

    compare(page)

    assert (page.list_failures, page.list_problem, Trouble.objects.get().ended_at) == (0, "", LOOK)


def test_a_platform_that_says_when_to_come_back_is_obeyed(page, shelf):
    shelf.problem = SendNotReached(Reason.THROTTLED, "slow down", 5 * HOUR)

    compare(page)

    assert LOOK + 5 * HOUR < page.throttled_until <= LOOK + 5 * HOUR + MINUTE
    assert page.list_at > page.throttled_until  # what people wait for goes first
    assert page.list_failures == 0
    assert compare(page, at=page.throttled_until - SECOND) is None


def test_a_dead_token_blocks_the_page_at_once(page, shelf):
    shelf.problem = SendRefused(Reason.TOKEN_DEAD, "Error validating access token")

    compare(page)

    assert page.problem == "token_dead"
    assert [(row.kind, row.since) for row in Trouble.objects.all()] == [("token_dead", NOON)]


def test_a_platform_that_lists_nothing_is_left_alone_for_a_day(page, shelf):
    shelf.problem = SendRefused(Reason.NOT_ALLOWED, "this platform lists nothing")

    compare(page)

    assert page.list_at == LOOK + DAY
    assert not Trouble.objects.exists()


def test_what_we_had_to_look_for_is_no_sign_that_the_platform_speaks(page, shelf):
    shelf.put("1", NOON)
    compare(page)
    heard = page.last_event_at
    shelf.tells_of = set()
    shelf.put("2", NOON)
    compare(page, LOOK + HOUR)

    assert heard is None
    assert page.last_event_at == LOOK + HOUR


def test_a_webhook_that_named_it_and_is_still_to_be_followed_is_the_cause(page, shelf):
    take_in(feed(page, "5678", NOON, message="Autre chose"), at=NOON)
    Clue.objects.create(channel=page, external_id="900111_1234", delivery=Delivery.objects.get(), number=0, try_at=LOOK + DAY)
    shelf.put("5678", NOON, "Autre chose")
    shelf.put("1234", NOON)

    compare(page)

    assert causes() == [("missing", "waits")]
