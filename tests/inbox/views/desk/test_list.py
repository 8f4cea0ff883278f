from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.access import Role
from inbox import conversations, platforms
from inbox.desk import queries
from inbox.desk import tally as tallying
from inbox.desk.places import Place
from inbox.desk.queries import Filters, View
from inbox.models import Conversation, Notice, Rank
from inbox.models.conversations import IN_ORDER, NEWEST
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db


def listed(member, filters=None, *, after="", now=NOON):
    return [row.pk for row in queries.page(member, filters or Filters(), after=after, now=now).lines]


def test_the_most_urgent_comes_first_and_the_newest_answer_first(place, ana):
    channel = make_channel(place)
    late, fresh = make_waiting(channel, at=NOON - 25 * HOUR), make_waiting(channel, at=NOON - HOUR)
    older = make_conversation(channel, at=NOON - 3 * HOUR)
    newer = make_conversation(channel, at=NOON - 2 * HOUR)

    assert listed(ana) == [late.pk, fresh.pk]
    assert listed(ana, Filters(view=View.ANSWERED)) == [newer.pk, older.pk]


def test_each_view_holds_what_its_name_says(place, ana):
    channel = make_channel(place)
    late, near = make_waiting(channel, at=NOON - 25 * HOUR), make_waiting(channel, at=NOON - 20 * HOUR)
    mine = make_waiting(channel, at=NOON)
    conversations.assign(mine, ana, by=ana, now=NOON)
    closed = make_conversation(channel, at=NOON, closed_at=NOON, close_outcome="answered")
    answered = make_conversation(channel, at=NOON)

    found = {view: set(listed(ana, Filters(view=view))) for view in View}

    assert found == {
        View.WAITING: {late.pk, near.pk, mine.pk},
        View.OVERDUE: {late.pk},
        View.NEARING: {near.pk},
        View.MINE: {mine.pk},
        View.UNASSIGNED: {late.pk, near.pk},
        View.ANSWERED: {answered.pk},
        View.CLOSED: {closed.pk},
    }


@pytest.mark.parametrize(("after_due", "overdue"), [(timedelta(0), False), (timedelta(milliseconds=900), False), (SECOND, True)])
def test_the_view_and_the_clock_agree_on_the_second_that_is_late(place, ana, after_due, overdue):
    conversation = make_waiting(make_channel(place), at=NOON - 24 * HOUR)
    now = NOON + after_due

    assert (conversation.pk in listed(ana, Filters(view=View.OVERDUE), now=now)) is overdue
    assert (conversation.pk in listed(ana, Filters(view=View.NEARING), now=now)) is not overdue
    assert (str(conversation.waits.get().state(now)) == "overdue") is overdue


def test_a_walk_through_the_pages_meets_every_row_once_also_among_ties(place, ana, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    channel = make_channel(place)
    rows = [make_waiting(channel, at=NOON + MINUTE * (number // 5)) for number in range(11)]

    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = queries.page(ana, Filters(), after=after, now=NOON)
        seen += [row.pk for row in page.lines]
        after, pages = page.next, pages + 1

    assert seen == [row.pk for row in rows]
    assert pages == 4


def test_a_walk_through_what_was_answered_meets_every_row_once(place, ana, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    channel = make_channel(place)
    rows = [make_conversation(channel, at=NOON - MINUTE * (number // 3)) for number in range(5)]
    answered = Filters(view=View.ANSWERED)

    seen, after, first = [], "", True
    while first or after:
        first = False
        page = queries.page(ana, answered, after=after, now=NOON)
        seen += [row.pk for row in page.lines]
        after = page.next

    assert sorted(seen) == sorted(row.pk for row in rows)
    assert len(seen) == len(set(seen))


def test_the_urgent_come_first_in_every_view_and_a_walk_through_the_pages_meets_each_once(place, ana, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    channel = make_channel(place)
    ranks = [Rank.NONE, Rank.SOON, Rank.NONE, Rank.CRISIS, Rank.NOW, Rank.NONE, Rank.NOW]  # from the longest wait on
    rows = [make_waiting(channel, at=NOON - 30 * HOUR + number * MINUTE) for number in range(len(ranks))]
    for row, rank in zip(rows, ranks, strict=True):
        Conversation.objects.filter(pk=row.pk).update(urgency=rank)

    for view in (View.WAITING, View.OVERDUE, View.UNASSIGNED):
        seen, after, first = [], "", True
        while first or after:
            first = False
            page = queries.page(ana, Filters(view=view), after=after, now=NOON)
            seen += [row.pk for row in page.lines]
            after = page.next
        assert seen == [rows[number].pk for number in (3, 4, 6, 1, 0, 2, 5)], view


@pytest.mark.parametrize(("view", "closed_at"), [(View.ANSWERED, None), (View.CLOSED, NOON)])
def test_a_crisis_comes_first_also_where_nobody_waits_and_a_walk_meets_each_once(place, ana, monkeypatch, view, closed_at):
    monkeypatch.setattr(queries, "PAGE", 1)
    channel = make_channel(place)
    outcome = "answered" if closed_at else ""
    crisis, older, newer = (
        make_conversation(channel, at=NOON - hours * HOUR, closed_at=closed_at, close_outcome=outcome) for hours in (30, 20, 10)
    )
    Conversation.objects.filter(pk=crisis.pk).update(urgency=Rank.CRISIS)

    seen, after, first = [], "", True
    while first or after:
        first = False
        page = queries.page(ana, Filters(view=view), after=after, now=NOON)
        seen += [row.pk for row in page.lines]
        after = page.next

    assert seen == [crisis.pk, newer.pk, older.pk]


def test_who_is_urgent_and_not_yet_late_is_not_among_those_who_are(place, ana):
    channel = make_channel(place)
    late, near, fresh = (make_waiting(channel, at=NOON - hours * HOUR) for hours in (25, 20, 1))
    Conversation.objects.filter(pk__in=[near.pk, fresh.pk]).update(urgency=Rank.CRISIS)

    assert listed(ana, Filters(view=View.OVERDUE)) == [late.pk]
    assert listed(ana, Filters(view=View.NEARING)) == [near.pk]
    assert listed(ana) == [near.pk, fresh.pk, late.pk]


def plan_of(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        return rows.explain()


def test_the_keyset_is_one_range_of_the_index(place):
    rows = Conversation.objects.filter(organization=place.organization).waiting().order_by(*IN_ORDER)

    plan = plan_of(rows.filter(queries._beyond(Place(Rank.SOON, NOON, 5), newest_first=False)))

    assert "Index Cond: ((organization_id" in plan
    assert "ROW(urgency, due_at, id) > ROW(" in plan.split("Index Cond")[1].splitlines()[0]


@pytest.mark.parametrize("view", [View.ANSWERED, View.CLOSED])
def test_the_newest_are_one_range_of_the_index(place, ana, view):
    rows = queries.of_view(Conversation.objects.filter(organization=place.organization), view, ana, NOON).order_by(*NEWEST)

    plan = plan_of(rows.filter(queries._beyond(Place(Rank.NONE, NOON, 5), newest_first=True)))

    assert f"conv_{view}" in plan
    assert "Sort" not in plan
    assert "ROW((urgency * '-1'::integer), last_message_at, id) < ROW(" in plan.split("Index Cond")[1].splitlines()[0]


@pytest.mark.parametrize("view", [View.OVERDUE, View.NEARING])
def test_who_is_due_by_a_moment_is_read_no_further_than_there(place, ana, view):
    rows = queries.of_view(queries.narrowed(ana, Filters()), view, ana, NOON).order_by(*IN_ORDER)

    assert "ROW(urgency, due_at) <= ROW(" in plan_of(rows).split("Index Cond")[1].splitlines()[0]


@pytest.mark.parametrize(
    "token", ["", "x", "1-", "-1", "1-2-3-4", "7-1", "f0-1-1", "ffffffffffffff-1", "1-fffffffffffffff0", "5f%00-1", "é-1"]
)
def test_whatever_is_no_place_means_the_first_page(client, sign_in, ana, place, token):
    waiting = make_waiting(make_channel(place))

    answer = sign_in(ana).get("/inbox/", {"after": token})

    assert answer.status_code == 200
    if token != "ffffffffffffff-1":
        assert f"row-{waiting.pk}" in answer.text


def test_filters_combine(place, ana):
    place.organization.memberships.filter(pk=ana.pk).update(all_locations=True)
    ana.refresh_from_db()
    other = make_location(place.organization)
    wanted = make_waiting(make_channel(other, "instagram"), at=NOON - 25 * HOUR)
    make_waiting(make_channel(other, "instagram"), at=NOON)
    make_waiting(make_channel(other, "facebook"), at=NOON - 25 * HOUR)
    make_waiting(make_channel(place, "instagram"), at=NOON - 25 * HOUR)

    assert listed(ana, Filters(view=View.OVERDUE, location=other, platform="instagram")) == [wanted.pk]


def test_the_list_shows_one_kind_alone(place, ana, sign_in):
    comment = make_waiting(make_channel(place))
    review = make_waiting(make_channel(place, "google"), kind="review")

    assert listed(ana, Filters(kind="review")) == [review.pk]
    assert listed(ana, Filters(kind="comment")) == [comment.pk]
    assert tallying.tally(ana, Filters(), [place], NOON).kinds == {"comment": 1, "message": 0, "review": 1}

    client = sign_in(ana)
    page = client.get("/inbox/?kind=review")
    assert [row.pk for row in page.context["page"].lines] == [review.pk]
    assert client.get("/inbox/?kind=nonsense").context["filters"].kind == ""


def test_counts_stop_at_a_hundred(place, ana, monkeypatch, sign_in):
    monkeypatch.setattr(tallying, "COUNTED", 3)
    channel = make_channel(place)
    for _ in range(5):
        make_waiting(channel)

    counts = tallying.tally(ana, Filters(), [place], NOON)

    assert counts.views[View.WAITING] == 3
    assert counts.locations == {place.pk: 3}
    assert counts.platforms == {slug: 3 if slug == "facebook" else 0 for slug in platforms.slugs()}


def test_platforms_are_those_on_which_ones_own_locations_have_a_page(place, ana, sign_in):
    worker = sign_in(ana)
    assert "views-platforms" not in worker.get("/inbox/").text
    make_channel(place)
    make_channel(make_location(), platform="linkedin")
    make_channel(make_location(place.organization), platform="google")

    assert [slug for _label, slug, *_ in worker.get("/inbox/").context["platforms"]] == ["facebook"]
    asked = worker.get("/inbox/?platform=youtube")
    assert [slug for _label, slug, *_ in asked.context["platforms"]] == ["facebook", "youtube"]


def test_a_platform_on_which_something_waits_is_shown_when_its_page_moved_elsewhere(place, ana, sign_in):
    channel = make_channel(place, "google")
    make_waiting(channel)
    channel.location = make_location(place.organization)
    channel.save()

    assert [slug for _label, slug, *_ in sign_in(ana).get("/inbox/").context["platforms"]] == ["google"]


def test_a_count_that_was_cut_off_is_shown_with_a_plus():
    from inbox.templatetags.screen import capped

    assert (capped(0), capped(99), capped(100)) == ("0", "99", "99+")


def test_counts_follow_the_filters(place, ana):
    make_waiting(make_channel(place, "facebook"))
    make_waiting(make_channel(place, "instagram"))

    assert tallying.tally(ana, Filters(platform="instagram"), [place], NOON).views[View.WAITING] == 1


def test_a_filter_counts_what_one_would_see_with_it(place, ana, sign_in):
    place.organization.memberships.filter(pk=ana.pk).update(all_locations=True)
    ana.refresh_from_db()
    other, now = make_location(place.organization), timezone.now()
    for where, platform, kind, hours in (
        (place, "facebook", "comment", 1),
        (place, "facebook", "message", 30),
        (other, "facebook", "comment", 30),
        (other, "instagram", "comment", 30),
        (other, "google", "review", 1),
    ):
        make_waiting(make_channel(where, platform), kind=kind, at=now - hours * HOUR)
    client = sign_in(ana)

    for asked in ("", "platform=facebook", "kind=comment&view=overdue", f"location={other.slug}&kind=comment", "view=unassigned"):
        shown = client.get(f"/inbox/?{asked}").context
        for group in ("views", "kinds", "locations", "platforms"):
            for *_label, address, count in shown[group]:
                assert len(client.get(f"/inbox/{address}").context["page"].lines) == count, f"{asked}, then {address}"


def test_of_what_is_over_only_whole_views_are_counted(place, ana, sign_in):
    make_message(make_waiting(make_channel(place)), at=NOON + HOUR, direction="out", source="comptoir")

    shown = sign_in(ana).get("/inbox/?view=answered")

    assert [count for _label, view, _address, count in shown.context["views"] if view == View.ANSWERED] == [1]
    assert {count for *_, count in (*shown.context["kinds"], *shown.context["locations"])} == {None}
    kinds = shown.text.split('id="views-kinds"')[1].split("</ul>")[0]
    assert 'class="count"' not in kinds


def test_the_page_asks_the_database_eight_times_at_most_however_many_rows(sign_in, ana, place, django_assert_max_num_queries):
    channels = [make_channel(place, platform) for platform in ("facebook", "instagram", "linkedin")]
    for number in range(12):
        waiting = make_waiting(channels[number % 3], at=timezone.now() - number * HOUR)
        conversations.assign(waiting, ana, by=ana, now=NOON)
    client = sign_in(ana)
    client.get("/inbox/")

    with django_assert_max_num_queries(8):
        client.get("/inbox/")
    with django_assert_max_num_queries(8):
        client.get("/inbox/?view=answered")


def test_counts_know_two_people_apart_who_ask_the_same(place, ana):
    other, nowhere = make_location(place.organization), make_member(place.organization, Role.STAFF, locations=[])
    bea = make_member(place.organization, Role.STAFF, locations=[other])
    make_waiting(make_channel(place), assignee=ana)
    make_waiting(make_channel(other))
    make_waiting(make_channel(other))

    found = [tallying.tally(member, Filters(), member.places, NOON) for member in (ana, bea, nowhere)]

    assert [each.views[View.WAITING] for each in found] == [1, 2, 0]
    assert [each.views[View.MINE] for each in found] == [1, 0, 0]
    assert [sum(each.locations.values()) for each in found] == [1, 2, 0]


def test_a_list_shows_nothing_of_another_location_or_tenant(sign_in, ana, outsider, place):
    elsewhere = make_waiting(make_channel(make_location(place.organization)), text="Elsewhere")
    foreign = make_waiting(make_channel(outsider.organization.locations.get()), text="Foreign")
    here = make_waiting(make_channel(place), text="Here")

    text = sign_in(ana).get("/inbox/").text

    assert f"row-{here.pk}" in text
    assert f"row-{elsewhere.pk}" not in text
    assert f"row-{foreign.pk}" not in text
    assert tallying.tally(ana, Filters(), [], NOON).views[View.WAITING] == 1


def test_a_location_that_one_may_not_see_is_not_there(sign_in, ana, place):
    hidden = make_location(place.organization)

    assert sign_in(ana).get("/inbox/", {"location": hidden.slug}).status_code == 404
    assert sign_in(ana).get("/inbox/", {"location": place.slug}).status_code == 200


def test_the_list_alone_goes_to_whom_asks_for_it(sign_in, ana, place):
    make_waiting(make_channel(place))
    client = sign_in(ana)

    part = client.get("/inbox/", headers={"HX-Request": "true", "HX-Target": "inbox-side"})
    whole = client.get("/inbox/", headers={"HX-Request": "true", "HX-Target": "somewhere"})

    assert "<html" not in part.text
    assert 'id="inbox-side"' in part.text
    assert "<html" in whole.text
    assert "HX-Target" in part["Vary"]


def test_each_empty_view_says_why(sign_in, ana):
    client = sign_in(ana)

    assert "Everybody has an answer" in client.get("/inbox/").text
    assert "Nothing is overdue" in client.get("/inbox/?view=overdue").text
    assert "Nothing here with these filters" in client.get("/inbox/?platform=linkedin").text


def test_a_conversation_keeps_the_list_that_one_came_from(sign_in, ana, place):
    waiting = make_waiting(make_channel(place), at=timezone.now() - 30 * HOUR)

    text = sign_in(ana).get("/inbox/?view=overdue&platform=facebook").text

    assert f'href="/inbox/{waiting.pk}/?view=overdue&amp;platform=facebook"' in text


def test_a_strangers_words_stay_words(sign_in, ana, place):
    make_waiting(make_channel(place), text="<script>alert(1)</script>")

    assert "<script>alert" not in sign_in(ana).get("/inbox/").text


def test_every_role_that_sees_the_inbox_opens_it(sign_in, place):
    for role in Role:
        assert sign_in(make_member(place.organization, role)).get("/inbox/").status_code == 200, role


def test_the_bell_counts_what_was_not_read(sign_in, ana, place):
    waiting = make_waiting(make_channel(place))
    Notice.objects.create(membership=ana, kind="near", conversation=waiting, key="n1", created_at=NOON)

    assert '<span class="tally">1<' in sign_in(ana).get("/inbox/").text
