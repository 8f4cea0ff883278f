"""Beside answering: what a platform has is offered, asked once, done, tried again where that is safe, and never stops a clock."""

import pytest

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import channels, moderation
from inbox.models import MessageAction, Wait
from inbox.moderation import NotPossible
from inbox.platforms.base import Action
from tests.factories import (
    DAY,
    NOON,
    SECOND,
    make_channel,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_waiting,
)
from tests.inbox.platforms.server import Saying

pytestmark = pytest.mark.django_db
SOON = NOON + SECOND


@pytest.fixture
def waiting(place):
    return make_waiting(make_channel(place))


@pytest.fixture
def comment(waiting):
    return waiting.messages.get()


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.MANAGER)


def ask(message, action, by, **more):
    return moderation.ask(message.conversation, message, action, by=by, now=NOON, **more)


def hide(comment, by):
    return ask(comment, Action.HIDE, by)


def test_what_still_waited_when_its_page_was_disconnected_is_not_done_and_not_begun_months_later(comment, ana, boss, graph):
    asked = hide(comment, ana)
    page = comment.conversation.channel
    channels.disconnect(page, by=boss, now=SOON)

    asked.refresh_from_db()
    assert (asked.state, asked.error_code, asked.ended_at) == ("failed", "token_dead", SOON)

    MessageAction.objects.update(state="queued")  # as what was under way then, and came back to wait
    known = {"external_id": page.external_id, "name": page.name}
    channels.connect(page.location, "facebook", **known, token="new", by=None, now=NOON + 60 * DAY)
    assert moderation.do_due(now=NOON + 60 * DAY, platform="facebook") == 0
    assert MessageAction.objects.get().state == "failed"


class TestOffered:
    def test_what_the_platform_has_and_what_fits(self, comment, ana, boss):
        assert moderation.offered(comment, ana) == [Action.HIDE, Action.LIKE]
        assert moderation.offered(comment, boss) == [Action.HIDE, Action.DELETE, Action.LIKE]

    def test_the_way_back_once_it_is_done(self, comment, ana):
        comment.hidden, comment.liked_at = True, NOON

        assert moderation.offered(comment, ana) == [Action.UNHIDE, Action.UNLIKE]

    def test_our_own_answer_is_deleted_by_staff_and_corrected_by_who_writes_freely(self, waiting, ana, place):
        answer = make_message(waiting, at=SOON, direction="out", source="comptoir")

        assert moderation.offered(answer, ana) == [Action.DELETE]
        assert moderation.offered(answer, make_member(place.organization, Role.PHARMACIST)) == [Action.DELETE, Action.EDIT]

    def test_nothing_to_who_only_looks(self, comment, ben):
        assert moderation.offered(comment, ben) == []

    @pytest.mark.parametrize("change", [{"removed_at": NOON}, {"private": True}])
    def test_nothing_where_there_is_nothing_any_more_or_nothing_public(self, comment, ana, change):
        for name, value in change.items():
            setattr(comment, name, value)

        assert moderation.offered(comment, ana) == []

    def test_nothing_on_a_page_that_is_disconnected(self, comment, ana):
        comment.channel.disconnected_at = NOON

        assert moderation.offered(comment, ana) == []

    @pytest.mark.parametrize(
        ("platform", "state", "decisions"),
        [
            ("youtube", "pending", [Action.APPROVE, Action.REJECT]),
            ("youtube", "approved", [Action.REJECT]),
            ("youtube", "rejected", []),  # it publishes nothing any more that was once rejected
            ("wordpress", "pending", [Action.APPROVE, Action.REJECT]),
            ("wordpress", "approved", [Action.REJECT]),
            ("wordpress", "rejected", [Action.APPROVE]),
        ],
    )
    def test_what_is_decided_of_a_comment_follows_from_what_was(self, place, boss, platform, state, decisions):
        comment = make_waiting(make_channel(place, platform)).messages.get()
        comment.moderation = state

        offered = moderation.offered(comment, boss)

        assert [action for action in offered if action in {Action.APPROVE, Action.REJECT}] == decisions

    def test_what_a_platform_lacks_is_said(self, place):
        linkedin = make_conversation(make_channel(place, "linkedin"))

        assert Action.HIDE in moderation.missing(linkedin)
        assert Action.HIDE not in moderation.missing(make_conversation(make_channel(place)))


class TestAsking:
    def test_it_waits_in_a_row_with_its_name(self, comment, ana):
        asked = hide(comment, ana)

        assert (asked.state, asked.by, asked.kind) == ("queued", ana, "hide")
        entry = AuditEntry.objects.get(action="message.hide")
        assert entry.organization_id == comment.conversation.organization_id

    def test_another_correction_is_not_taken_for_the_one_that_is_under_way(self, waiting, place):
        pharmacist = make_member(place.organization, Role.PHARMACIST)
        answer = make_message(waiting, direction="out", text="Demain.")
        first = ask(answer, Action.EDIT, pharmacist, text="Lundi.")

        assert ask(answer, Action.EDIT, pharmacist, text="Lundi.") == first
        with pytest.raises(NotPossible):
            ask(answer, Action.EDIT, pharmacist, text="Mardi.")

        assert MessageAction.objects.get().text == "Lundi."

    def test_twice_is_once(self, comment, ana, boss):
        assert hide(comment, ana) == hide(comment, boss)
        assert MessageAction.objects.count() == 1
        assert AuditEntry.objects.filter(action="message.hide").count() == 1

    def test_what_is_not_offered_is_refused(self, comment, ana):
        for action in (Action.UNHIDE, Action.DELETE, Action.APPROVE, Action.EDIT, Action.TAKE_THREAD):
            with pytest.raises(NotPossible):
                ask(comment, action, ana, reason="because")
        assert not MessageAction.objects.exists()

    def test_what_somebody_wrote_is_deleted_for_a_reason_only(self, comment, boss):
        with pytest.raises(NotPossible):
            ask(comment, Action.DELETE, boss, reason="  ")


class TestDoing:
    def test_hidden_there_is_hidden_here_and_the_clock_runs_on(self, comment, ana, graph):
        asked = hide(comment, ana)

        assert moderation.do_due(now=SOON, platform="facebook") == 1

        asked.refresh_from_db()
        comment.refresh_from_db()
        assert (asked.state, comment.hidden) == ("done", True)
        assert Wait.objects.running().count() == 1
        (call,) = [call for call in graph.asked if call.method == "POST"]
        assert call.path.endswith(comment.external_id)

    def test_only_on_its_platform_and_only_once(self, comment, ana, graph):
        hide(comment, ana)

        assert moderation.do_due(now=SOON, platform="instagram") == 0
        assert moderation.do_due(now=SOON, platform="facebook") == 1
        assert moderation.do_due(now=SOON, platform="facebook") == 0

    def test_liked_and_taken_back(self, comment, ana, graph):
        ask(comment, Action.LIKE, ana)
        moderation.do_due(now=SOON, platform="facebook")
        comment.refresh_from_db()
        assert comment.liked_at == SOON

        ask(comment, Action.UNLIKE, ana)
        moderation.do_due(now=SOON, platform="facebook")
        comment.refresh_from_db()
        assert comment.liked_at is None

    def test_deleting_what_somebody_wrote_takes_it_out_of_the_figures_by_name(self, comment, boss, graph):
        ask(comment, Action.DELETE, boss, reason="Injures envers l’équipe")

        moderation.do_due(now=SOON, platform="facebook")

        wait = Wait.objects.get()
        assert (wait.outcome, wait.ended_by, wait.ender, wait.reason) == ("excluded", "staff", boss, "Injures envers l’équipe")
        comment.refresh_from_db()
        assert (comment.removed_at, comment.text) == (SOON, "")

    def test_where_another_message_still_waits_the_clock_runs_on(self, comment, boss, graph):
        make_message(comment.conversation, at=SOON)
        ask(comment, Action.DELETE, boss, reason="Doublon")

        moderation.do_due(now=SOON + SECOND, platform="facebook")

        assert Wait.objects.running().get().started_at == NOON

    def test_a_correction_keeps_the_earlier_words(self, waiting, place, graph):
        pharmacist = make_member(place.organization, Role.PHARMACIST)
        answer = make_message(waiting, at=SOON, direction="out", source="comptoir", text="Ouvert lundi.")
        ask(answer, Action.EDIT, pharmacist, text="Ouvert lundi et mardi.")

        moderation.do_due(now=SOON + SECOND, platform="facebook")

        answer.refresh_from_db()
        assert answer.text == "Ouvert lundi et mardi."
        assert {version.text for version in answer.versions.all()} == {"Ouvert lundi.", "Ouvert lundi et mardi."}

    @pytest.mark.parametrize("saying", [Saying(cut=True), Saying(status=500), Saying(status=503)])
    def test_what_is_uncertain_is_tried_again_as_it_may_be(self, comment, ana, graph, saying):
        graph.says(saying)
        asked = hide(comment, ana)
        moderation.do_due(now=SOON, platform="facebook")
        asked.refresh_from_db()
        assert asked.state == "queued"
        assert asked.try_at > SOON

        graph.says({"success": True})
        moderation.do_due(now=asked.try_at, platform="facebook")
        asked.refresh_from_db()
        assert asked.state == "done"

    def test_after_enough_tries_it_is_put_before_a_person_who_may_ask_again(self, comment, ana, graph):
        graph.says(Saying(status=500))
        asked = hide(comment, ana)
        for _ in range(moderation.MAX_ATTEMPTS):
            asked.refresh_from_db()
            moderation.do_due(now=asked.try_at, platform="facebook")
        asked.refresh_from_db()
        assert asked.state == "failed"

        assert moderation.ask_again(asked, by=ana, now=SOON)
        graph.says({"success": True})
        moderation.do_due(now=SOON, platform="facebook")
        asked.refresh_from_db()
        assert asked.state == "done"

    def test_a_refusal_is_final_and_in_words(self, comment, ana, graph):
        graph.says(Saying({"error": {"code": 200, "message": "(#200) No permission for +1 514 555-0177"}}, status=403))
        asked = hide(comment, ana)

        moderation.do_due(now=SOON, platform="facebook")

        asked.refresh_from_db()
        comment.refresh_from_db()
        assert (asked.state, asked.error_code, comment.hidden) == ("failed", "permission", False)
        assert "administrator" in asked.why
        assert asked.error_detail.startswith("(#200) No permission for")
        assert "555-0177" not in asked.error_detail

    def test_who_died_while_doing_it_is_followed_by_another(self, comment, ana, graph):
        asked = hide(comment, ana)
        MessageAction.objects.filter(pk=asked.pk).update(state="doing", claimed_at=NOON)

        assert moderation.do_due(now=NOON + moderation.STALE_AFTER, platform="facebook") == 0
        assert moderation.do_due(now=NOON + moderation.STALE_AFTER + SECOND, platform="facebook") == 1


class TestThePage:
    def test_a_button_asks_and_the_page_says_so(self, sign_in, ana, comment):
        client = sign_in(ana)
        address = f"/inbox/{comment.conversation_id}/messages/{comment.pk}/hide/"

        assert address in client.get(f"/inbox/{comment.conversation_id}/").text
        text = client.post(address, follow=True).text

        assert "Asked of the platform" in text

    def test_a_correction_goes_by_the_guard(self, sign_in, place, waiting):
        pharmacist = make_member(place.organization, Role.PHARMACIST)
        answer = make_message(waiting, at=SOON, direction="out", source="comptoir", text="Ouvert lundi.")
        client = sign_in(pharmacist)
        address = f"/messages/{answer.pk}/correct/"

        assert "Ouvert lundi." in client.get(address).text
        refused = client.post(address, {"text": "Votre numéro RAMQ TREM 1234 5678 est noté."})
        assert refused.status_code == 422
        assert "TREM 1234 5678" in refused.text  # nothing typed is lost
        assert not MessageAction.objects.exists()

        assert client.post(address, {"text": "Ouvert lundi, dès 9 h."}).status_code == 302
        assert MessageAction.objects.get().text == "Ouvert lundi, dès 9 h."

    def test_a_colleague_of_another_location_asks_nothing(self, sign_in, place, comment):
        stranger = make_member(place.organization, Role.MANAGER, locations=[make_location(place.organization)])

        assert sign_in(stranger).post(f"/inbox/{comment.conversation_id}/messages/{comment.pk}/hide/").status_code == 404
        assert not MessageAction.objects.exists()

    @pytest.mark.parametrize("action", ["edit", "explode", "take_thread"])
    def test_what_no_button_has_is_not_found(self, sign_in, boss, comment, action):
        answer = sign_in(boss).post(f"/inbox/{comment.conversation_id}/messages/{comment.pk}/{action}/")

        assert answer.status_code == 404


class TestMarkingAsRead:
    def test_what_came_before_is_read_with_it_and_nobody_waits_less(self, place, ana, graph, sign_in):
        conversation = make_waiting(make_channel(place, "whatsapp"), kind="message")
        first = conversation.messages.get()
        second = make_message(conversation, at=SOON, external_id="wamid.2")
        later = make_message(conversation, at=SOON + SECOND, external_id="wamid.3")
        due = Wait.objects.get().due_at

        asked = ask(second, Action.MARK_READ, ana)
        assert moderation.do(asked.pk, now=SOON + SECOND) == "done"

        (called,) = graph.asked
        assert called.json == {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.2"}
        for message in (first, second, later):
            message.refresh_from_db()
        assert (first.read_at, second.read_at, later.read_at) == (SOON + SECOND, SOON + SECOND, None)
        assert Action.MARK_READ not in moderation.offered(second, ana)
        assert Action.MARK_READ in moderation.offered(later, ana)
        assert (Wait.objects.get().due_at, Wait.objects.get().ended_at) == (due, None)
        text = sign_in(ana).get(conversation.get_absolute_url()).text
        assert text.count("they were told that it was read") == 2
        assert text.count("Tell them that it was read") == 1
