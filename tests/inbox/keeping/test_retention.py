"""What the platforms let nobody keep goes on time; waits, figures and our own answers stay."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from inbox.intake import threads
from inbox.keeping import erasure, retention
from inbox.models import Delivery, MessageVersion, Post, Reaction, Wait
from inbox.platforms.base import PostSeen
from tests.factories import DAY, HOUR, NOON, SECOND, make_channel, make_contact, make_message, make_post, make_waiting
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import body_of
from tests.inbox.platforms.server import Saying
from tests.inbox.wire import take_in

pytestmark = pytest.mark.django_db
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def linkedin(place):
    return make_channel(place, "linkedin", external_id="urn:li:organization:77001100")


def of(channel, **more):
    contact = make_contact(channel, name="Julie Exemple", named_at=NOON)
    return make_waiting(channel, text="Prenez-vous des stagiaires?", contact=contact, **more)


def purge(now):
    return retention.purge(now=now)


class TestWords:
    def test_a_members_words_go_after_48_hours_and_not_before(self, linkedin):
        message = of(linkedin).messages.get()

        assert purge(NOON + TWO_DAYS - SECOND)["messages"] == 0
        assert purge(NOON + TWO_DAYS)["messages"] == 1

        message.refresh_from_db()
        assert (message.text, message.attachments, message.purged_at) == ("", [], NOON + TWO_DAYS)
        message.conversation.refresh_from_db()
        assert message.conversation.preview == ""

    def test_the_clock_and_what_was_said_by_us_stay(self, linkedin):
        conversation = of(linkedin)
        answer = make_message(conversation, at=NOON + HOUR, direction="out", source="comptoir", text="Oui, chaque été.")
        before = Wait.objects.values("started_at", "due_at", "ended_at", "outcome").get()

        purge(NOON + 3 * DAY)

        answer.refresh_from_db()
        assert answer.text == "Oui, chaque été."
        assert Wait.objects.values("started_at", "due_at", "ended_at", "outcome").get() == before

    def test_the_list_shows_the_words_of_what_still_waits(self, linkedin):
        conversation = of(linkedin)
        make_message(conversation, at=NOON + HOUR, direction="out", source="comptoir", text="Oui, chaque été.")
        make_message(conversation, at=NOON + DAY, text="Et cet hiver?")

        assert purge(NOON + TWO_DAYS)["messages"] == 1

        conversation.refresh_from_db()
        assert (conversation.preview, conversation.waiting_count) == ("Et cet hiver?", 1)

    def test_every_version_goes(self, linkedin):
        message = of(linkedin).messages.get()
        MessageVersion.objects.create(message=message, text="Avant", written_at=NOON, original=True)

        purge(NOON + 3 * DAY)

        assert not MessageVersion.objects.exists()

    def test_what_was_edited_later_has_its_own_time(self, linkedin):
        conversation = of(linkedin)
        conversation.messages.update(edited_at=NOON + DAY)

        assert purge(NOON + TWO_DAYS)["messages"] == 0
        assert purge(NOON + DAY + TWO_DAYS)["messages"] == 1

    def test_once(self, linkedin):
        of(linkedin)
        purge(NOON + 3 * DAY)

        assert purge(NOON + 4 * DAY)["messages"] == 0

    def test_other_platforms_have_other_rules(self, place):
        message = of(make_channel(place)).messages.get()

        purge(NOON + 300 * DAY)

        message.refresh_from_db()
        assert message.text

    def test_the_page_says_why_and_leads_to_the_words(self, linkedin, sign_in, ana):
        conversation = of(linkedin)
        purge(NOON + 3 * DAY)

        text = sign_in(ana).get(f"/inbox/{conversation.pk}/").text

        assert "LinkedIn does not let these words be kept any longer" in text
        assert f"/inbox/{conversation.pk}/reread/" in text

    def test_they_are_read_once_more_by_who_sees_the_conversation(self, linkedin, sign_in, ana, settings):
        message = of(linkedin).messages.get()
        message.external_id = "urn:li:comment:(urn:li:activity:7100000000000000001,7100000000000000002)"
        message.save(update_fields=["external_id"])
        purge(NOON + 3 * DAY)
        with server.running() as running:
            settings.LINKEDIN_API_URL = running.url
            running.says(Saying({"status": 404, "message": "gone"}, status=404))

            answer = sign_in(ana).get(reverse("inbox:reread", args=[message.conversation_id, message.pk]))

        assert "It is no longer there" in answer.text
        assert running.asked

    @pytest.mark.parametrize("platform", ["linkedin", "instagram", "facebook"])
    def test_those_of_who_asked_to_be_forgotten_are_not(self, place, sign_in, ana, platform):
        conversation = of(make_channel(place, platform))
        erasure.forget(conversation.contact, now=NOON)
        client = sign_in(ana)
        address = reverse("inbox:reread", args=[conversation.pk, conversation.messages.get().pk])

        page = client.get(f"/inbox/{conversation.pk}/").text

        assert "asked to be forgotten" in page
        assert "does not let these words be kept" not in page
        assert address not in page
        assert client.get(address).status_code == 404

    def test_where_words_are_kept_there_is_nothing_to_read_again(self, place, sign_in, ana):
        message = of(make_channel(place)).messages.get()

        assert sign_in(ana).get(reverse("inbox:reread", args=[message.conversation_id, message.pk])).status_code == 404


class TestNames:
    def test_a_name_goes_after_a_day_and_is_asked_for_again_while_somebody_waits(self, linkedin):
        contact = of(linkedin).contact

        assert purge(NOON + DAY - SECOND)["names"] == 0
        assert purge(NOON + DAY)["names"] == 1

        contact.refresh_from_db()
        assert (contact.name, contact.ask_name_at) == ("", NOON + DAY)

    def test_nobody_asks_for_the_name_of_who_waits_no_more(self, linkedin):
        conversation = of(linkedin)
        make_message(conversation, at=NOON + HOUR, direction="out", source="comptoir")

        purge(NOON + DAY)

        conversation.contact.refresh_from_db()
        assert (conversation.contact.name, conversation.contact.ask_name_at) == ("", None)


class TestReactions:
    def test_what_members_liked_and_shared_goes_after_48_hours_and_not_before(self, linkedin):
        told = [body_of("linkedin", name) for name in ("like_of_post", "like_of_comment", "share_without_words")]
        take_in(*told, at=NOON, endpoint="linkedin")
        Reaction.objects.update(at=NOON)

        assert purge(NOON + TWO_DAYS - SECOND)["reactions"] == 0
        assert purge(NOON + TWO_DAYS)["reactions"] == 3
        assert not Reaction.objects.exists()

    def test_that_one_was_taken_back_goes_too(self, linkedin):
        Reaction.objects.create(channel=linkedin, target_id="urn:li:activity:1", actor_id="urn:li:person:A", at=NOON)

        assert purge(NOON + TWO_DAYS)["reactions"] == 1

    def test_other_platforms_have_other_rules(self, place):
        Reaction.objects.create(channel=make_channel(place), target_id="1", actor_id="8011", reaction="love", at=NOON)

        assert purge(NOON + 300 * DAY)["reactions"] == 0
        assert Reaction.objects.exists()


class TestBodies:
    def store(self, endpoint, *, outcome="done", processed=True):
        body = f'{{"told": "{endpoint} {outcome} {processed}"}}'.encode()
        Delivery.objects.store(endpoint, body, signed_by="x", now=NOON)
        Delivery.objects.filter(erased_at=None, outcome="").update(outcome=outcome, processed_at=NOON if processed else None)
        return Delivery.objects.get(body=body)

    @pytest.mark.parametrize(("endpoint", "time"), [("linkedin", TWO_DAYS), ("listing", TWO_DAYS), ("meta", 7 * DAY)])
    def test_a_raw_body_goes_on_time_and_is_still_known(self, endpoint, time):
        delivery = self.store(endpoint)
        body = bytes(delivery.body)

        assert purge(NOON + time - SECOND)["bodies"] == 0
        assert purge(NOON + time)["bodies"] == 1

        delivery.refresh_from_db()
        assert bytes(delivery.body) == b""
        assert not Delivery.objects.store(endpoint, body, signed_by="x", now=NOON + time)

    def test_what_still_waits_is_kept(self):
        self.store("meta", outcome="", processed=False)

        assert purge(NOON + 60 * DAY)["bodies"] == 0

    def test_what_found_no_place_is_kept_longer_where_the_platform_allows_it(self):
        self.store("meta", outcome="partly")
        self.store("linkedin", outcome="partly")

        assert purge(NOON + 8 * DAY)["bodies"] == 1  # LinkedIn's
        assert purge(NOON + 30 * DAY)["bodies"] == 1


class TestPostsOfOthers:
    def test_what_a_member_published_goes_with_their_words_and_what_we_published_stays(self, linkedin):
        body = json.loads(body_of("linkedin", "comment"))
        body["notifications"][0]["decoratedSourcePost"] |= {"owner": "urn:li:person:Zz9", "text": "Mon avis sur ma pharmacie"}
        take_in(json.dumps(body).encode(), at=NOON, endpoint="linkedin")
        ours = make_post(linkedin, told_at=NOON)
        theirs = Post.objects.exclude(pk=ours.pk).get()
        assert (theirs.kind, theirs.text) == ("mention", "Mon avis sur ma pharmacie")

        assert purge(NOON + TWO_DAYS - SECOND)["posts"] == 0
        assert purge(NOON + TWO_DAYS)["posts"] == 1
        assert purge(NOON + TWO_DAYS)["posts"] == 0

        theirs.refresh_from_db()
        ours.refresh_from_db()
        assert (theirs.text, theirs.picture) == ("", "")
        assert ours.text

    def test_told_anew_it_has_its_time_anew(self, linkedin):
        post = make_post(linkedin, kind="mention", told_at=NOON)
        threads.post_of(linkedin, PostSeen(post.external_id, text="Autre chose"), now=NOON + DAY)

        assert purge(NOON + TWO_DAYS)["posts"] == 0
        assert purge(NOON + TWO_DAYS + DAY)["posts"] == 1

    def test_elsewhere_it_stays_until_its_author_wants_to_be_forgotten(self, place):
        page = make_channel(place)
        julie = make_contact(page, external_id="10001")
        own = make_waiting(page, contact=julie).messages.get()
        seen = {
            "kind": "mention",
            "told_at": NOON,
            "picture": "https://example.com/p.jpg",
            "permalink": "https://example.com/julie",
        }
        named = make_post(page, external_id="10001_55", **seen)
        written = make_post(page, external_id=own.external_id, **seen)
        others = [make_post(page, external_id="100012_55", **seen), make_post(page, external_id="8011_55", **seen)]
        assert purge(NOON + 300 * DAY)["posts"] == 0

        erasure.forget(julie, now=NOON)

        for post in (named, written):
            post.refresh_from_db()
            assert (post.text, post.picture, post.permalink) == ("", "", "")
        for post in others:
            post.refresh_from_db()
            assert post.text
