"""Somebody was asked in public to go on in private, and does: two conversations, and one clock between them."""

import pytest

from inbox.desk import queries
from inbox.desk.queries import Filters, View
from inbox.models import Message, Wait
from tests.factories import DAY, HOUR, MINUTE, NOON, make_finding
from tests.inbox.waits.going_on import LATER, MOVED, WROTE, answer, counted, head_of, move, row_of, writes
from tests.inbox.wire import feed, own_feed, take_in

pytestmark = pytest.mark.django_db


def test_the_clock_goes_with_the_person_and_runs_from_where_it_began(public, page):
    wait = public.waits.get()
    move(public)

    private = writes(page)

    public.refresh_from_db()
    assert [row.pk for row in counted()] == [wait.pk]
    assert (private.due_at, private.waiting_since) == (NOON + DAY, NOON)
    assert (public.due_at, public.state) == (None, "answered")
    assert private.preview == "Voici mon numéro de commande"
    assert list(private.waits.get().events.values_list("kind", flat=True)) == ["started", "carried", "extended"]


def test_the_clock_goes_along_also_where_we_asked_in_public_alone(public, page):
    wait = public.waits.get()
    answer(public, MOVED, source="moving")
    public.refresh_from_db()
    assert public.due_at == NOON + DAY  # it answers nothing

    private = writes(page)
    answer(private, WROTE + HOUR, external_id="m_3")

    public.refresh_from_db()
    assert (public.due_at, public.state) == (None, "answered")
    assert [(row.pk, row.started_at, row.ended_at) for row in counted()] == [(wait.pk, NOON, WROTE + HOUR)]


@pytest.mark.parametrize("source", ["holding", "comptoir"])
def test_what_asks_nobody_to_go_on_in_private_takes_no_clock_along(public, page, source):
    answer(public, MOVED, source=source)

    private = writes(page)

    assert private.due_at == WROTE + DAY
    assert counted().count() == 2


def test_an_answer_in_private_ends_the_one_wait_of_both(public, page):
    move(public)
    private = writes(page)

    answer(private, WROTE + HOUR, external_id="m_3")

    wait = counted().get()
    assert (wait.outcome, wait.ended_at, wait.started_at) == ("answered", WROTE + HOUR, NOON)
    assert not Wait.objects.running().exists()


def test_whoever_was_told_late_counts_one_miss(public, page):
    move(public)
    private = writes(page)

    answer(private, NOON + 40 * HOUR, external_id="m_3")

    assert [wait.ended_at > wait.due_at for wait in counted()] == [True]


def test_who_had_their_answer_in_private_begins_a_new_wait_there(public, page):
    answer(public, MOVED, private=True)

    private = writes(page)

    assert public.waits.get().outcome == "answered"
    assert private.due_at == WROTE + DAY


def test_what_is_written_in_public_after_the_move_waits_in_public(public, page):
    move(public)
    take_in(feed(page, "2", NOON + 2 * HOUR, parent="1", message="Et vos heures?"), at=NOON + 2 * HOUR)
    private = writes(page)
    take_in(feed(page, "3", WROTE + HOUR, parent="1", message="Allô?"), at=WROTE + HOUR)

    public.refresh_from_db()
    assert (public.due_at, public.waiting_count) == (WROTE + HOUR + DAY, 1)
    assert private.due_at == NOON + DAY


def test_a_private_thread_that_waits_already_joins_the_earlier_start(public, page):
    writes(page, NOON + 30 * MINUTE, "m_0", "Bonjour")
    move(public)

    private = writes(page)

    assert (private.due_at, private.waiting_count) == (NOON + DAY, 3)
    assert counted().count() == 1


def test_the_clock_follows_also_when_we_hear_late_that_our_message_left(public, page):
    private = writes(page)
    assert counted().count() == 2

    move(public)

    private.refresh_from_db()
    assert (counted().get().conversation_id, private.due_at) == (private.pk, NOON + DAY)


def test_who_wrote_in_private_before_we_asked_has_a_wait_of_their_own(public, page):
    private = writes(page, NOON + 10 * MINUTE)

    move(public)

    assert counted().count() == 2
    assert private.due_at == NOON + 10 * MINUTE + DAY


def test_a_public_answer_of_which_we_hear_late_corrects_the_wait_that_left(public, page):
    move(public)
    private = writes(page)

    take_in(own_feed(page, "9", NOON + 30 * MINUTE, parent="1", message="Oui, elle est là."), at=LATER)

    private.refresh_from_db()
    first, second = counted().order_by("started_at")
    assert (first.ended_at, first.outcome) == (NOON + 30 * MINUTE, "answered")
    assert (second.started_at, private.due_at) == (WROTE, WROTE + DAY)


def test_what_is_taken_back_in_public_does_not_end_what_waits_in_private(public, page):
    move(public)
    private = writes(page)

    take_in(feed(page, "1", WROTE + HOUR, verb="remove"), at=WROTE + HOUR)

    private.refresh_from_db()
    assert (private.due_at, private.waiting_count) == (NOON + DAY, 1)


def test_a_second_message_in_private_and_an_edit_in_public_draw_the_same_wait(public, page):
    move(public)
    writes(page)
    private = writes(page, WROTE + MINUTE, "m_5", "Allô?")

    take_in(feed(page, "1", WROTE + HOUR, verb="edited", message="Avez-vous reçu mon colis?"), at=WROTE + HOUR)

    private.refresh_from_db()
    assert (counted().get().started_at, private.waiting_count) == (NOON, 3)
    assert Message.objects.filter(direction="in", wait__conversation=private).count() == 3


def test_each_half_knows_the_other_in_the_list(public, page, ana):
    move(public)
    private = writes(page)

    halves = {row.pk: row.half for view in View for row in queries.page(ana, Filters(view=view), after="", now=LATER).lines}

    assert halves == {public.pk: private.pk, private.pk: public.pk}


def test_those_who_were_not_moved_know_of_no_other_half(public, page, ana):
    writes(page)

    assert {row.half for row in queries.page(ana, Filters(), after="", now=NOON).lines} == {None}


def test_each_half_says_which_it_is_and_leads_to_the_other(public, page, ana, sign_in):
    move(public)
    client = sign_in(ana)
    assert "did not write there yet" in client.get(f"/inbox/{public.pk}/").text
    private = writes(page)

    in_public, in_private = client.get(f"/inbox/{public.pk}/").text, client.get(f"/inbox/{private.pk}/").text
    answered = client.get("/inbox/?view=answered").text

    assert "Public half." in head_of(in_public) and f"/inbox/{private.pk}/" in head_of(in_public)
    assert "Private half." in head_of(in_private) and f"/inbox/{public.pk}/" in head_of(in_private)
    assert "Private half: open the public one" in row_of(in_private, private)
    assert "Public half: open the private one" in row_of(answered, public)
    assert f"/inbox/{private.pk}/timer/" in client.get(f"/inbox/{public.pk}/timer/").text


def test_the_public_half_still_says_why_its_badges_stand(public, page, ana, sign_in):
    make_finding(public.messages.get(), "commande", family="identifier", type="rx_number")
    move(public)
    writes(page)

    assert "Prescription number" in sign_in(ana).get(f"/inbox/{public.pk}/why/").text
