"""What was not done is asked for anew, by who may, in their name; and what somebody in danger wrote is taken away by nobody."""

import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import crises, moderation
from inbox.models import MessageAction, Wait
from inbox.moderation import NotPossible
from inbox.platforms.base import Action
from tests.factories import NOON, SECOND, make_case, make_channel, make_danger, make_member, make_waiting

pytestmark = pytest.mark.django_db
SOON = NOON + SECOND


@pytest.fixture
def comment(place):
    return make_waiting(make_channel(place)).messages.get()


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.MANAGER)


def ask(message, action, by, **more):
    return moderation.ask(message.conversation, message, action, by=by, now=NOON, **more)


def hide(comment, by):
    return ask(comment, Action.HIDE, by)


class TestAskingAgain:
    @pytest.fixture
    def failed(self, comment, boss):
        def of(action, **more):
            asked = ask(comment, action, boss, **more)
            MessageAction.objects.filter(pk=asked.pk).update(state="failed", ended_at=NOON, error_code="throttled")
            asked.refresh_from_db()
            return asked

        return of

    def test_it_is_asked_in_the_name_of_who_asks_again(self, failed, ana):
        asked = failed(Action.HIDE)

        assert moderation.ask_again(asked, by=ana, now=SOON)

        asked.refresh_from_db()
        assert (asked.state, asked.by, asked.try_at) == ("queued", ana, SOON)
        assert AuditEntry.objects.filter(action="message.hide").latest("pk").actor == ana

    def test_what_this_person_may_not_do_is_refused_in_words(self, failed, ana, sign_in):
        asked = failed(Action.DELETE, reason="Injures")
        client = sign_in(ana)
        assert reverse("inbox:act_again", args=[asked.pk]) not in client.get(asked.conversation.get_absolute_url()).text

        with pytest.raises(NotPossible):
            moderation.ask_again(asked, by=ana, now=SOON)

        assert "This cannot be done here" in client.post(reverse("inbox:act_again", args=[asked.pk]), follow=True).text
        asked.refresh_from_db()
        assert asked.state == "failed"

    def test_what_came_to_tell_of_harm_is_not_hidden_again_without_a_reason(self, failed, comment, ana):
        asked = failed(Action.HIDE)
        make_case(comment)

        with pytest.raises(NotPossible, match="say why"):
            moderation.ask_again(asked, by=ana, now=SOON)

    def test_the_same_that_was_asked_anew_meanwhile_is_done_once(self, failed, comment, ana):
        asked = failed(Action.HIDE)
        anew = hide(comment, ana)

        assert not moderation.ask_again(asked, by=ana, now=SOON)

        assert MessageAction.objects.get(state="queued") == anew

    def test_what_is_settled_stays_so(self, failed, ana):
        asked = failed(Action.HIDE)
        MessageAction.objects.update(state="done")

        assert not moderation.ask_again(asked, by=ana, now=SOON)


class TestInACrisis:
    """What somebody in danger, or dangerous, wrote is evidence, whenever it was asked to take it away."""

    @pytest.fixture
    def opened(self, comment):
        def now():
            make_danger(comment, "threat")
            crises.attend(now=NOON)

        return now

    def test_what_was_on_its_way_is_not_done(self, comment, boss, graph, opened, sign_in):
        asked = ask(comment, Action.DELETE, boss, reason="Injures")
        opened()

        assert moderation.do_due(now=SOON, platform="facebook") == 0

        asked.refresh_from_db()
        assert (asked.state, asked.error_code, graph.asked) == ("failed", "crisis", [])
        assert Wait.objects.running().exists()
        page = sign_in(boss).get(comment.conversation.get_absolute_url()).text
        assert "what they wrote stays where it is" in page
        assert reverse("inbox:act_again", args=[asked.pk]) not in page

    def test_what_was_not_done_is_not_asked_again(self, comment, boss, opened):
        asked = ask(comment, Action.DELETE, boss, reason="Injures")
        MessageAction.objects.update(state="failed")
        opened()

        with pytest.raises(NotPossible):
            moderation.ask_again(MessageAction.objects.get(pk=asked.pk), by=boss, now=SOON)

    def test_it_is_hidden_all_the_same(self, comment, ana, graph, opened):
        hide(comment, ana)
        opened()

        assert moderation.do_due(now=SOON, platform="facebook") == 1
