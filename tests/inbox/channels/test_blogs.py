"""A blog that tells nothing: what happens there arrives by looking, and nothing is taken for lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.access import Role
from inbox import intake, moderation
from inbox.channels.gaps import reconciliation
from inbox.models import Channel, Conversation, Gap, Message
from inbox.platforms import wordpress
from inbox.platforms.base import Action
from tests.factories import DAY, MINUTE, make_channel, make_member
from tests.inbox.blog import PASSWORD, USER, Blog, comment
from tests.inbox.platforms import server

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)


@pytest.fixture
def blog(settings) -> Iterator[Blog]:
    with server.running() as running:
        settings.PRIVATE_ORIGINS = [running.url]
        blog = Blog(running)
        running.says(blog.answer)
        yield blog


@pytest.fixture
def site(blog, place) -> Channel:
    fields = {"external_id": blog.server.url, "token": PASSWORD, "settings": {"user": USER}, "connected_at": AT - DAY}
    return make_channel(place, "wordpress", **fields)


@pytest.fixture
def look(site):
    """look(minutes) compares the blog so long after the first comment, and takes in what was found."""

    def after(minutes):
        now = AT + minutes * MINUTE
        Channel.objects.filter(pk=site.pk).update(list_at=now)
        reconciliation.compare(site.pk, now=now)
        intake.drain(now=now)
        return Message.objects.order_by("pk").first()

    return after


def test_a_comment_that_waits_for_approval_is_in_the_inbox_with_its_clock(blog, look):
    blog.comments = [comment("held")]

    message = look(5)

    assert (message.text, message.moderation, message.sent_at) == ("Très utile !", "pending", AT)
    conversation = Conversation.objects.get()
    assert (conversation.contact_name, conversation.due_at) == ("Julie T.", AT + DAY)
    assert conversation.post.text == "Le vaccin contre la grippe\xa0!"
    assert conversation.unpublished


def test_nothing_new_brings_in_nothing(blog, look):
    blog.comments = [comment("held")]
    look(5)
    look(10)
    look(15)

    assert Message.objects.count() == 1
    assert Gap.objects.count() == 1
    assert not Gap.objects.exclude(cause="never_told").exists(), "no webhook was to tell it: nobody failed"


@pytest.mark.parametrize(("status", "state"), [("approved", "approved"), ("spam", "rejected"), ("trash", "rejected")])
def test_what_was_decided_on_the_site_is_seen(blog, look, status, state):
    blog.comments = [comment("held")]
    look(5)
    blog.comments[0]["status"] = status

    message = look(10)

    assert (message.moderation, message.moderated_at) == (state, AT + 10 * MINUTE)
    assert message.text == "Très utile !"
    assert message.removed_at is None


def test_what_was_taken_out_of_the_trash_is_seen(blog, look):
    blog.comments = [comment("held")]
    look(5)
    blog.comments[0]["status"] = "trash"
    look(10)
    blog.comments[0]["status"] = "approved"

    assert look(15).moderation == "approved"


def test_what_the_site_refused_by_itself_still_waits(blog, look):
    blog.comments = [comment("held")]
    look(5)
    blog.comments[0]["status"] = "spam"

    assert look(10).conversation.due_at == AT + DAY


def test_what_we_had_refused_and_the_site_published_is_waited_for_again(blog, look, place):
    blog.comments = [comment("held")]
    held, now = look(5), AT + 6 * MINUTE
    moderation.ask(held.conversation, held, Action.REJECT, by=make_member(place.organization, Role.MANAGER), now=now)
    moderation.do_due(now=now, platform="wordpress")
    assert Conversation.objects.get().due_at is None
    assert blog.comments[0]["status"] == "trash"
    blog.comments[0]["status"] = "approved"

    look(15)

    assert Conversation.objects.get().due_at == AT + DAY


def test_a_comment_that_was_deleted_is_gone_with_its_words(blog, look):
    blog.comments = [comment("held")]
    look(5)
    blog.comments.clear()

    message = look(10)

    assert (message.text, message.removed_at) == ("", AT + 10 * MINUTE)
    assert Conversation.objects.get().due_at is None


def test_an_edit_is_seen(blog, look):
    blog.comments = [comment("held")]
    look(5)
    blog.comments[0]["content"] = {"raw": "Tr&egrave;s, tr&egrave;s utile !"}

    assert look(10).text == "Très, très utile !"


def test_an_answer_written_on_the_site_ends_the_wait_at_its_own_time(blog, look):
    blog.comments = [comment("approved"), comment("own")]

    look(30)

    conversation = Conversation.objects.get()
    wait = conversation.waits.get()
    assert (wait.outcome, wait.ended_by, wait.ended_at) == ("answered", "native", AT + 5 * MINUTE)


def test_spam_of_which_nobody_heard_stays_unheard_of(blog, look):
    blog.comments = [comment("spam"), comment("trash", id=813)]

    assert look(5) is None


# --- connecting --------------------------------------------------------------------------------------


@pytest.fixture
def desk(place, sign_in):
    return sign_in(make_member(place.organization, Role.ADMIN))


def asked(blog, place, **more):
    fields = {"platform": "wordpress", "location": place.pk, "external_id": f"{blog.server.url}/", "name": ""}
    return fields | {"user": USER, "token": PASSWORD} | more


def test_a_blog_is_connected_by_its_address_a_name_and_a_password(blog, place, desk):
    answer = desk.post(reverse("channels:connect"), asked(blog, place))

    channel = Channel.objects.get()
    assert answer["Location"] == reverse("channels:started", args=[channel.pk])
    assert (channel.external_id, channel.name) == (blog.server.url, "Le blogue de l’exemple")
    assert (channel.settings, channel.token) == ({"user": USER}, PASSWORD)


def test_once_connected_the_first_comment_that_is_found_is_waited_for(blog, desk, look, site):
    address = reverse("channels:started", args=[site.pk])
    waiting = desk.get(address).text
    assert "every 2 min, Comptoir looks for new comments" in waiting
    assert "webhooks" not in waiting

    blog.comments = [comment("approved")]
    message = look(5)

    assert message.conversation.get_absolute_url() in desk.get(address).text


@pytest.mark.parametrize("more", [{"token": "wrong"}, {"user": "somebody"}, {"external_id": "https://10.0.0.8"}, {"user": ""}])
def test_a_blog_that_does_not_know_us_is_not_connected(blog, place, desk, more):
    assert desk.post(reverse("channels:connect"), asked(blog, place, **more)).status_code == 422
    assert not Channel.objects.exists()


def test_a_slow_site_keeps_the_others_waiting_for_a_minute_and_no_longer(blog, look, site, monkeypatch):
    """Between two pages of its list it is given up, and looked at again later; nothing of half a list counts."""
    monkeypatch.setattr(wordpress.listing, "PAGE", 1)
    blog.comments = [comment("held"), *(comment("held", id=900 + number) for number in range(5))]
    monkeypatch.setattr(wordpress.WordPress, "longest_look", timedelta(0))

    assert look(5) is None
    assert len([asked for asked in blog.server.asked if asked.path.endswith("/comments")]) == 1
    site.refresh_from_db()
    assert (site.list_failures, site.listed_at) == (1, None)

    monkeypatch.setattr(wordpress.WordPress, "longest_look", timedelta(minutes=1))
    look(10)
    assert Message.objects.count() == 6
