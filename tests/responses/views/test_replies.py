"""The composer over HTTP: a form that works without JavaScript, and gives fragments to htmx."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.access import Role
from inbox.models import Message
from responses import replies
from responses.composing.seen import Seen
from responses.models import Reply, ReplyDraft
from responses.replies import Words
from tests.factories import MINUTE, NOON, make_channel, make_location, make_member, make_message, make_version, make_waiting

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "composer"}


@pytest.fixture
def conversation(place):
    return make_waiting(make_channel(place))


@pytest.fixture
def version(place):
    return make_version(place.organization)


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def address(conversation):
    return reverse("responses:composer", args=[conversation.pk])


def form(conversation, version, **more):
    said = {
        "key": str(uuid4()),
        "seen": str(Seen.of(conversation)),
        "version": version.pk,
        "language": "fr",
        "mode": "public",
        "answer": "oui, jusqu’à 21 h.",
        "first_name": "Julie",
    }
    return said | more


def ticked(asked):
    """What the box of an answer that asks sends, once it is ticked."""
    return asked.text.split('name="acknowledged" value="')[1].split('"')[0]


class TestDrawing:
    def test_the_page_offers_the_approved_words(self, desk, conversation, version):
        page = desk.get(address(conversation))

        assert page.status_code == 200
        assert "<html" in page.text
        assert version.title_fr in page.text

    def test_htmx_gets_the_fragment_alone(self, desk, conversation, version):
        fragment = desk.get(address(conversation), headers=HTMX).text

        assert "<html" not in fragment
        assert 'id="composer"' in fragment

    def test_picking_draws_locked_words_and_inputs(self, desk, conversation, version):
        said = form(conversation, version, pick=version.pk)
        del said["version"], said["first_name"]

        drawn = desk.post(address(conversation), said, headers=HTMX).text

        assert 'name="answer"' in drawn
        assert 'name="first_name"' in drawn
        assert 'value="Julie"' in drawn  # derived from the contact’s name
        assert "oui, jusqu’à 21 h." in drawn  # what was typed before stays

    def test_without_javascript_a_step_is_a_redirect_and_loses_nothing(self, desk, conversation, version):
        said = form(conversation, version, pick=version.pk)
        page = desk.post(address(conversation), said, follow=True)

        assert page.redirect_chain[0][0].startswith(address(conversation))
        assert "oui, jusqu’à 21 h." in page.text

    def test_the_other_language_keeps_what_was_typed(self, desk, conversation, version):
        drawn = desk.post(address(conversation), form(conversation, version, speak="en"), headers=HTMX).text

        assert "See you soon!" in drawn
        assert "oui, jusqu’à 21 h." in drawn

    def test_turning_to_private_leaves_words_that_are_public_only(self, desk, conversation, place):
        version = make_version(place.organization, audience="public")

        drawn = desk.post(address(conversation), form(conversation, version, turn="private"), headers=HTMX).text

        assert 'data-mode="private"' in drawn
        assert f'name="version" value="{version.pk}"' not in drawn
        assert "oui, jusqu’à 21 h." in drawn

    @pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.PRIVACY, Role.AUDITOR, Role.ADMIN])
    def test_who_may_not_answer_gets_no_composer(self, sign_in, conversation, place, role):
        assert sign_in(make_member(place.organization, role)).get(address(conversation)).status_code == 403

    def test_nobody_answers_for_another_tenant_or_location(self, sign_in, conversation, place, version):
        stranger = make_member(make_location().organization, Role.PHARMACIST)
        neighbour = make_member(place.organization, Role.STAFF, locations=[make_location(place.organization)])

        for member in (stranger, neighbour):
            client = sign_in(member)
            assert client.get(address(conversation)).status_code == 404
            assert client.post(address(conversation), form(conversation, version, send=1)).status_code == 404
        assert not Reply.objects.exists()


class TestSending:
    def test_send_queues_the_rendered_reply(self, desk, conversation, version):
        answer = desk.post(address(conversation), form(conversation, version, send=1))

        assert answer.status_code == 302
        assert Reply.objects.get().text == "Bonjour Julie, oui, jusqu’à 21 h. Au plaisir!"

    def test_htmx_sees_it_on_its_way_with_a_button_to_take_it_back(self, desk, conversation, version):
        drawn = desk.post(address(conversation), form(conversation, version, send=1), headers=HTMX).text

        assert reverse("responses:reply_undo", args=[Reply.objects.get().pk]) in drawn

    def test_the_same_form_posted_twice_sends_once(self, desk, conversation, version):
        said = form(conversation, version, send=1)

        desk.post(address(conversation), said)
        desk.post(address(conversation), said)

        assert Reply.objects.count() == 1

    def test_own_words_from_a_role_that_uses_templates_are_forbidden(self, desk, conversation):
        said = {"own_words": "1", "text": "Prenez-en deux.", "send": "1", "seen": str(Seen.of(conversation))}

        assert desk.post(address(conversation), said).status_code == 403
        assert not Reply.objects.exists()

    def test_a_text_beside_a_template_is_not_sent(self, desk, conversation, version):
        desk.post(address(conversation), form(conversation, version, send=1, text="Prenez-en deux."))

        assert "deux" not in Reply.objects.get().text

    def test_another_tenants_template_is_not_sent(self, desk, conversation):
        foreign = make_version(make_location().organization)

        assert desk.post(address(conversation), form(conversation, foreign, send=1)).status_code == 403
        assert not Reply.objects.exists()

    def test_an_empty_answer_comes_back_with_the_reason_and_everything_typed(self, desk, conversation, version):
        answer = desk.post(address(conversation), form(conversation, version, send=1, answer=" ", first_name="Ju"), headers=HTMX)

        assert answer.status_code == 422
        assert "Write your answer" in answer.text
        assert 'value="Ju"' in answer.text
        assert ReplyDraft.objects.exists()

    def test_a_warning_must_be_acknowledged(self, desk, conversation, version):
        said = form(conversation, version, send=1, answer="OUI BIEN SÛR MADAME")

        asked = desk.post(address(conversation), said, headers=HTMX)
        assert asked.status_code == 422
        assert 'name="acknowledged"' in asked.text
        digest = ticked(asked)

        other = desk.post(address(conversation), said | {"acknowledged": digest, "answer": "NON JAMAIS DE LA VIE"}, headers=HTMX)
        assert other.status_code == 422  # the tick was for other words
        assert desk.post(address(conversation), said | {"acknowledged": digest}, headers=HTMX).status_code == 200
        assert Reply.objects.count() == 1

    def test_a_tick_for_one_language_is_none_for_the_other(self, desk, conversation):
        conversation.messages.update(language="fr")
        version = make_version(conversation.organization, body_en="Hi, {answer}", body_fr="Bonjour, {answer}")
        said = form(conversation, version, language="en", answer="9–21", send=1)
        digest = ticked(desk.post(address(conversation), said, headers=HTMX))

        conversation.messages.update(language="en")
        other = desk.post(address(conversation), said | {"language": "fr", "acknowledged": digest}, headers=HTMX)

        assert other.status_code == 422
        assert not Reply.objects.exists()
        again = said | {"language": "fr", "acknowledged": ticked(other)}
        assert desk.post(address(conversation), again, headers=HTMX).status_code == 200


class TestStale:
    def test_a_newer_message_is_shown_and_sending_again_sends(self, desk, conversation, version):
        said = form(conversation, version, send=1)
        make_message(conversation, at=NOON + MINUTE, text="Laissez faire!")

        told = desk.post(address(conversation), said, headers=HTMX)
        assert told.status_code == 422
        assert "Laissez faire!" in told.text
        assert "Send anyway" in told.text
        seen = told.text.split('name="seen" value="')[1].split('"')[0]

        assert desk.post(address(conversation), said | {"seen": seen}, headers=HTMX).status_code == 200
        assert Reply.objects.count() == 1

    def test_the_list_of_replies_tells_early(self, desk, conversation):
        seen = Seen.of(conversation)
        Message.objects.filter(conversation=conversation).update(edited_at=NOON + MINUTE)

        fragment = desk.get(reverse("responses:replies", args=[conversation.pk]), {"seen": str(seen)}).text

        assert "edited" in fragment


class TestDrafts:
    def test_what_is_typed_is_kept_and_comes_back(self, desk, conversation, version):
        kept = desk.post(
            reverse("responses:draft", args=[conversation.pk]), form(conversation, version, answer="oui, mais"), headers=HTMX
        )

        assert kept.status_code == 200
        assert "characters" in kept.text
        assert "oui, mais" in desk.get(address(conversation), headers=HTMX).text

    def test_a_draft_is_its_authors_alone(self, desk, sign_in, conversation, version, place):
        desk.post(reverse("responses:draft", args=[conversation.pk]), form(conversation, version, answer="oui, mais"))

        other = sign_in(make_member(place.organization, Role.STAFF)).get(address(conversation), headers=HTMX)
        assert "oui, mais" not in other.text

    def test_a_draft_that_arrives_after_its_words_were_sent_is_not_kept(self, desk, conversation, version):
        said = form(conversation, version)
        desk.post(address(conversation), said | {"send": "1"})

        desk.post(reverse("responses:draft", args=[conversation.pk]), said)

        assert not ReplyDraft.objects.exists()

    def test_nothing_typed_keeps_no_draft(self, desk, conversation):
        desk.post(reverse("responses:draft", args=[conversation.pk]), {"answer": " ", "mode": "public"})

        assert not ReplyDraft.objects.exists()


class TestAfterwards:
    @pytest.fixture
    def reply(self, conversation, ana, version):
        words = Words(version=version, language="fr", filled={"answer": "oui, jusqu’à 21 h.", "first_name": "Julie"})
        return replies.compose(conversation, by=ana, now=NOON, words=words)

    def test_taking_back_brings_the_words_back(self, desk, reply, conversation):
        drawn = desk.post(reverse("responses:reply_undo", args=[reply.pk]), headers=HTMX).text

        reply.refresh_from_db()
        assert reply.state == "undone"
        assert "Taken back" in drawn
        assert "oui, jusqu’à 21 h." in drawn

    @pytest.fixture
    def written(self, desk, conversation, version, reply):
        """What ana writes while the first reply waits."""
        said = form(conversation, version, answer="et aussi le dimanche.")
        desk.post(reverse("responses:draft", args=[conversation.pk]), said)
        return said

    @pytest.mark.parametrize("kept", [True, False], ids=["kept", "not yet kept"])
    def test_taking_back_loses_nothing_that_was_written_since(self, desk, reply, written, kept):
        if not kept:
            ReplyDraft.objects.all().delete()
        typed = {} if kept else written

        drawn = desk.post(reverse("responses:reply_undo", args=[reply.pk]), typed, headers=HTMX).text

        assert ReplyDraft.objects.get().fields["answer"] == "et aussi le dimanche."
        assert "What you are writing stays." in drawn
        assert "oui, jusqu’à 21 h." in drawn

    def test_the_words_offered_beside_stay_through_the_steps_and_take_the_place_when_asked(
        self, desk, reply, written, conversation
    ):
        page = desk.post(reverse("responses:reply_undo", args=[reply.pk]), follow=True)
        assert "oui, jusqu’à 21 h." in page.text
        steps = written | {"beside": reply.pk}

        assert "oui, jusqu’à 21 h." in desk.post(address(conversation), steps | {"speak": "en"}, headers=HTMX).text
        drawn = desk.post(address(conversation), steps | {"instead": "1"}, headers=HTMX).text

        assert ReplyDraft.objects.get().fields["answer"] == "oui, jusqu’à 21 h."
        assert "What you are writing stays." not in drawn

    def test_a_colleague_who_takes_back_keeps_their_own_draft(self, sign_in, place, reply, conversation, version):
        colleague = make_member(place.organization)
        theirs = {"version": version, "language": "fr", "mode": "public", "fields": {"answer": "oui."}}
        replies.save_draft(conversation, by=colleague, now=NOON, **theirs)

        sign_in(colleague).post(reverse("responses:reply_undo", args=[reply.pk]))

        assert ReplyDraft.objects.get(membership=colleague).fields == {"answer": "oui."}

    def test_the_words_of_another_conversation_are_not_laid_beside(self, desk, place, ana, reply):
        other = make_waiting(make_channel(place))

        assert "oui, jusqu’à 21 h." not in desk.get(f"{address(other)}?beside={reply.pk}", headers=HTMX).text

    def test_taking_back_too_late_says_so(self, desk, reply):
        Reply.objects.update(state="sending")

        assert "Too late" in desk.post(reverse("responses:reply_undo", args=[reply.pk]), headers=HTMX).text

    @pytest.mark.parametrize(("code", "words"), [("token_dead", "connect the channel again"), ("gone", "was removed")])
    def test_a_failure_says_what_to_do(self, desk, reply, conversation, code, words):
        Reply.objects.update(state="failed", error_code=code)

        assert words in desk.get(address(conversation), headers=HTMX).text

    def test_failed_words_can_be_used_again(self, desk, reply, conversation):
        Reply.objects.update(state="failed", error_code="too_long")

        desk.post(reverse("responses:reply_again", args=[reply.pk]))

        assert ReplyDraft.objects.get().fields["answer"] == "oui, jusqu’à 21 h."

    def test_failed_words_are_offered_beside_what_is_being_written(self, desk, reply, written):
        Reply.objects.update(state="failed", error_code="too_long")

        drawn = desk.post(reverse("responses:reply_again", args=[reply.pk]), headers=HTMX).text

        assert ReplyDraft.objects.get().fields["answer"] == "et aussi le dimanche."
        assert "Use these words instead" in drawn

    def test_an_uncertain_reply_asks_a_person(self, desk, reply, conversation):
        Reply.objects.update(state="uncertain", claimed_at=NOON)

        assert "It is not there" in desk.get(address(conversation), headers=HTMX).text
        desk.post(reverse("responses:reply_resolve", args=[reply.pk]), {"was_sent": "no"})
        reply.refresh_from_db()
        assert (reply.state, reply.error_code) == ("failed", "not_sent")

    def test_nobody_touches_another_tenants_reply(self, sign_in, reply):
        client = sign_in(make_member(make_location().organization, Role.PHARMACIST))

        for name in ("reply_undo", "reply_resolve", "reply_again"):
            assert client.post(reverse(f"responses:{name}", args=[reply.pk]), {"was_sent": "yes"}).status_code == 404
        reply.refresh_from_db()
        assert reply.state == "queued"
