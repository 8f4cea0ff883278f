"""Asked to go on in private, or so it seemed: what asked them is gone, or nobody went yet."""

import pytest

from inbox.desk import queries
from inbox.desk.queries import Filters, View
from inbox.intake import messages
from inbox.platforms.base import Receipt, Status
from tests.factories import DAY, HOUR, MINUTE, NOON
from tests.inbox.waits.going_on import LATER, MOVED, WROTE, answer, counted, head_of, move, writes
from tests.inbox.wire import feed, own_feed, take_in

pytestmark = pytest.mark.django_db


class TestWhatAskedThemIsGone:
    """Whoever cannot have read it, or never got it, was not asked."""

    def removed(self, page, at, comment="7"):
        take_in(own_feed(page, comment, at, parent="1", verb="remove"), at=at)

    def asks(self, public, at=MOVED, comment="7"):
        answer(public, at, external_id=f"900111_{comment}", source="moving")

    def test_what_was_taken_back_before_they_wrote_takes_no_clock_along(self, public, page):
        self.asks(public)
        self.removed(page, MOVED + MINUTE)

        private = writes(page)
        answer(private, WROTE + HOUR, external_id="m_3")

        public.refresh_from_db()
        assert (public.due_at, public.state, public.moved_at) == (NOON + DAY, "waiting", None)
        assert counted().running().get().started_at == NOON

    def test_nor_where_its_removal_was_told_before_it_was_recorded(self, public, page):
        self.removed(page, MOVED + MINUTE)
        self.asks(public)

        writes(page)

        public.refresh_from_db()
        assert (public.due_at, public.moved_at) == (NOON + DAY, None)

    def test_nor_what_never_arrived(self, public, page):
        move(public)
        sent = public.messages.get(external_id="m_1")
        failed = Receipt(platform="facebook", channel_id=page.external_id, external_id="m_1", status=Status.FAILED)
        messages.receipt(sent, failed, at=MOVED + MINUTE)
        messages.changed(sent, now=MOVED + MINUTE)

        writes(page)

        public.refresh_from_db()
        assert (public.due_at, public.moved_at) == (NOON + DAY, None)

    def test_what_else_asks_them_counts_from_when_it_did(self, public, page):
        self.asks(public)
        take_in(feed(page, "2", MOVED + HOUR, parent="1", message="Et vos heures?"), at=MOVED + HOUR)
        self.asks(public, MOVED + 2 * HOUR, comment="8")
        self.removed(page, MOVED + 3 * HOUR, comment="8")

        public.refresh_from_db()
        assert public.moved_at == MOVED
        assert writes(page).due_at == NOON + DAY

    def test_a_clock_that_went_along_stays_where_it_went(self, public, page):
        self.asks(public)
        private = writes(page)
        self.removed(page, WROTE + HOUR)
        take_in(feed(page, "1", WROTE + 2 * HOUR, verb="edited", message="Avez-vous mon colis?"), at=WROTE + 2 * HOUR)

        public.refresh_from_db()
        private.refresh_from_db()
        assert (public.due_at, private.due_at) == (None, NOON + DAY)
        assert (counted().count(), public.moved_at) == (1, MOVED)

    def test_but_what_they_asked_in_public_since_waits_there(self, public, page):
        self.asks(public)
        writes(page)
        take_in(feed(page, "2", WROTE + HOUR, parent="1", message="Et vos heures?"), at=WROTE + HOUR)
        self.asks(public, WROTE + 2 * HOUR, comment="8")
        self.removed(page, WROTE + 3 * HOUR, comment="8")

        private = writes(page, WROTE + 4 * HOUR, "m_6", "Allô?")

        public.refresh_from_db()
        assert (public.due_at, private.due_at) == (WROTE + HOUR + DAY, NOON + DAY)

    def test_what_is_there_again_asks_again_and_the_clock_follows(self, public, page):
        self.asks(public)
        self.removed(page, MOVED + MINUTE)
        private = writes(page)

        self.asks(public, MOVED + 2 * MINUTE)

        private.refresh_from_db()
        assert (private.due_at, counted().count()) == (NOON + DAY, 1)


class TestAThreadOfLongAgo:
    """Until they write, nobody has gone on there."""

    @pytest.fixture
    def spring(self, public, page):
        at = NOON - 90 * DAY
        private = writes(page, at, "m_90", "Bonjour")
        answer(private, at + HOUR, external_id="m_91")
        return private

    def seen(self, member, *conversations):
        lines = {row.pk: row.half for view in View for row in queries.page(member, Filters(view=view), after="", now=LATER).lines}
        return [lines[each.pk] for each in conversations]

    def test_is_no_half_where_they_were_asked_in_public_alone(self, public, page, spring, ana, sign_in):
        answer(public, MOVED, source="moving")
        client = sign_in(ana)

        assert self.seen(ana, public, spring) == [None, None]
        assert "did not write there yet" in head_of(client.get(f"/inbox/{public.pk}/").text)
        assert "Private half" not in client.get(f"/inbox/{spring.pk}/").text

    def test_is_one_once_they_write_in_it(self, public, page, spring, ana):
        answer(public, MOVED, source="moving")
        writes(page)

        assert self.seen(ana, public, spring) == [spring.pk, public.pk]

    def test_is_one_where_our_private_answer_stands_in_it(self, public, page, spring, ana):
        move(public)

        assert self.seen(ana, public, spring) == [spring.pk, public.pk]

    def test_stays_one_where_they_are_asked_again_after_they_wrote(self, public, page, spring, ana):
        answer(public, MOVED, source="moving")
        writes(page)
        answer(public, WROTE + HOUR, external_id="m_8", source="moving")

        assert self.seen(ana, public, spring) == [spring.pk, public.pk]
