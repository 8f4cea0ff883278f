"""Our connectors of websites and the simulator's sites: one tells nothing and is looked at, the other tells and is told."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import (
    Action,
    Connection,
    Deed,
    Kind,
    Moderation,
    Outgoing,
    Received,
    SendUncertain,
)
from tests.simulator.calls import ARTICLE, BLOG, BLOG_USER, SITE


class Side:
    """Our side of one platform: what its receiver makes of what came, and the calls of its connector."""

    def __init__(self, slug, sim, sink, drained, connection, secret=""):
        self.connector, self.sim, self.sink, self.drained = platforms.get(slug), sim, sink, drained
        self.connection, self.secret = connection, secret

    def heard(self):
        self.drained()
        family = platforms.family(self.connector.family)
        now, events = datetime.now(UTC), []
        for each in self.sink.received:
            assert family.verify(each.headers, each.body, secrets=[self.secret], now=now)
            events += family.parse(each.body, received_at=now)
        self.sink.clear()
        return events


# --- WordPress -----------------------------------------------------------------------------------


@pytest.fixture
def blog(fresh, sink, drained):
    name, _, password = BLOG_USER.partition(":")
    address = f"{fresh.url}/sites/blogue-vieux-quai"
    connection = Connection(address, password, settings={"user": name}, public_but=(fresh.url,))
    return Side("wordpress", fresh, sink, drained, connection)


def read(side):
    """What our connector makes of all that the site lists of the last hour."""
    items = side.connector.listing(side.connection, datetime.now(UTC) - timedelta(hours=1), [])
    return [event for item in items for event in side.connector.read_listed(side.connection.external_id, item)]


def reply(comment, text="Merci", post=ARTICLE):
    return Outgoing(kind=Kind.COMMENT, thread=comment, text=text, correlation="8f3a", reply_to=comment, post_id=post)


def test_wordpress_the_site_knows_its_name(blog):
    assert blog.connector.identity(blog.connection)


def test_wordpress_what_is_listed_is_understood_held_or_not(blog):
    held, approved = (blog.sim.comment(BLOG, text, post=ARTICLE)["id"] for text in ("En attente ?", "Publié ?"))
    blog.sim.ask("POST", "website/status", {"comment": approved, "status": "approved"})
    old = blog.sim.comment(BLOG, "Ancien", post=ARTICLE, at=datetime.now(UTC) - timedelta(days=2))["id"]

    told = read(blog)

    assert {(each.external_id, each.text, each.moderation) for each in told if isinstance(each, Received)} >= {
        (held, "En attente ?", Moderation.PENDING),
        (approved, "Publié ?", Moderation.APPROVED),
    }
    assert old not in {each.external_id for each in told}


@pytest.mark.parametrize("kind", ["error_after_accept", "cut_mid_answer"])
def test_wordpress_an_answer_is_published_once_and_found_when_in_doubt(blog, kind):
    comment = blog.sim.comment(BLOG, "Très utile !", post=ARTICLE)["id"]
    since = datetime.now(UTC) - timedelta(seconds=2)
    blog.sim.fault(kind, page=BLOG, count=1)

    with pytest.raises(SendUncertain):
        blog.connector.send(reply(comment), blog.connection)
    found = blog.connector.find_sent(reply(comment), blog.connection, since)

    [kept] = blog.sim.replies(page=BLOG)
    assert found.external_id == kept["id"]


@pytest.mark.parametrize(("action", "hidden"), [(Action.APPROVE, False), (Action.REJECT, True)])
def test_wordpress_a_comment_is_approved_or_rejected(blog, action, hidden):
    comment = blog.sim.comment(BLOG, "Très utile !", post=ARTICLE)["id"]
    deed = Deed(action=action, kind=Kind.COMMENT, thread=comment, external_id=comment, post_id=ARTICLE)

    blog.connector.act(deed, blog.connection)

    [shown] = [each for page in blog.sim.state(BLOG)["pages"] for each in page["comments"]]
    assert shown["hidden"] is hidden


def test_wordpress_a_comment_that_is_approved_already_may_be_approved_again(blog):
    comment = blog.sim.comment(BLOG, "Très utile !", post=ARTICLE)["id"]
    deed = Deed(action=Action.APPROVE, kind=Kind.COMMENT, thread=comment, external_id=comment, post_id=ARTICLE)

    blog.connector.act(deed, blog.connection)
    blog.connector.act(deed, blog.connection)


# --- any other website ---------------------------------------------------------------------------


@pytest.fixture
def site(fresh, sink, drained):
    secret = "a-secret-of-its-own-0123456789abcdef"
    fresh.ask("POST", "website/connect", {"page": SITE, "secret": secret, "hook": "/hooks/website/k3y/"})
    settings = {"site": SITE, "callback_url": f"{fresh.url}/sites/erables/comptoir/"}
    connection = Connection("k3y", secret, settings["callback_url"], settings=settings, public_but=(fresh.url,))
    return Side("website", fresh, sink, drained, connection, secret)


def test_website_a_comment_is_understood_and_answered_and_the_answer_comes_back(site):
    site.sim.comment(SITE, "Très utile !", author="Julie Exemple")
    event = next(event for event in site.heard() if isinstance(event, Received))
    sent = site.connector.send(reply(event.external_id, post=event.post.external_id), site.connection)

    echo = site.heard()[0]
    assert (event.kind, event.text) == (Kind.COMMENT, "Très utile !")
    assert echo.external_id == sent.external_id
    assert [each["text"] for each in site.sim.replies(page=SITE)] == ["Merci"]


@pytest.mark.parametrize("kind", ["drop_after_accept", "cut_mid_answer"])
def test_website_an_answer_in_doubt_is_found_by_its_key(site, kind):
    comment = site.sim.comment(SITE, "Très utile !")["id"]
    site.sim.fault(kind, page=SITE, count=1)

    with pytest.raises(SendUncertain):
        site.connector.send(reply(comment, post="p900301"), site.connection)
    found = site.connector.find_sent(reply(comment, post="p900301"), site.connection, datetime.now(UTC))

    assert found.external_id == site.sim.replies(page=SITE)[0]["id"]


@pytest.mark.parametrize(("action", "hidden"), [(Action.APPROVE, False), (Action.REJECT, True)])
def test_website_a_comment_is_approved_or_rejected(site, action, hidden):
    comment = site.sim.comment(SITE, "Très utile !")["id"]
    deed = Deed(action=action, kind=Kind.COMMENT, thread=comment, external_id=comment, post_id="p900301")

    site.connector.act(deed, site.connection)

    [shown] = [each for page in site.sim.state(SITE)["pages"] for each in page["comments"]]
    assert shown["hidden"] is hidden
