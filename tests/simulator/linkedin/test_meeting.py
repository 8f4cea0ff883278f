"""Our LinkedIn connector and the simulator's LinkedIn, over HTTP: what neither of the two could know from the other's code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import Action, Connection, Deed, Hint, Kind, OwnTurn, Reacted, Reason, Received, Removed, SendRefused
from tests.simulator.calls import LINKEDIN, LINKEDIN_TOKEN

ADMIN = "urn:li:person:admin01"
JULIE, MARC = "Julie Exemple", "Marc Fictif"
linkedin = platforms.get("linkedin")


@pytest.fixture
def page(fresh):
    return Connection(
        LINKEDIN,
        LINKEDIN_TOKEN,
        fresh.url,
        "202609",
        "dev-linkedin-client-secret",
        app_id="4711",
        client_id="dev-linkedin-client",
        login_url=fresh.url,
        grantor_id=ADMIN,
    )


@pytest.fixture
def heard(sink, drained):
    def events():
        drained()
        family = platforms.family("linkedin")
        found = [event for each in sink.received for event in family.parse(each.body, received_at=datetime.now(UTC))]
        sink.clear()
        return found

    return events


def since() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def read(items):
    return [event for item in items for event in linkedin.read_listed(LINKEDIN, item)]


def test_a_reply_that_names_no_parent_is_fetched_with_it(fresh, page, heard):
    fresh.configure(linkedin_nesting=False)
    root = fresh.comment(LINKEDIN, "Et pour les enfants?", author=JULIE)
    fresh.comment(LINKEDIN, "Moi aussi!", author=MARC, parent=root["id"])

    asked, _, reply, hint = heard()
    assert isinstance(hint, Hint)
    assert (hint.external_id, reply.parent) == (reply.external_id, "")

    (found,) = read(linkedin.fetch(hint.external_id, page))
    assert (found.external_id, found.parent, found.thread) == (reply.external_id, asked.external_id, asked.external_id)
    assert (found.text, found.author, found.post.external_id) == (reply.text, reply.author, reply.post.external_id)


def test_what_is_listed_is_what_was_told(fresh, page, heard):
    root = fresh.comment(LINKEDIN, "Et pour les enfants?", author=JULIE)
    fresh.comment(LINKEDIN, "Moi aussi!", author=MARC, parent=root["id"])
    fresh.native_comment(LINKEDIN, "Oui, dès six mois.", parent=root["id"])
    told = [event for event in heard() if isinstance(event, Received | OwnTurn)]

    listed = read(linkedin.listing(page, since(), [told[0].post.external_id]))

    said = lambda event: (type(event), event.external_id, event.text, event.parent, event.at)  # noqa: E731
    assert sorted(map(said, listed), key=repr) == sorted(map(said, told), key=repr)


def test_what_no_webhook_told_is_listed_all_the_same(fresh, page, heard):
    fresh.configure(linkedin_nesting=False)
    fresh.comment(LINKEDIN, "Avez-vous reçu?", author=JULIE)
    fresh.publish(LINKEDIN, "Merci à la pharmacie!", author=MARC, kind="mention")
    heard()

    listed = [event for event in read(linkedin.listing(page, since(), [])) if isinstance(event, Received)]

    assert {event.text for event in listed} == {"Avez-vous reçu?", "Merci à la pharmacie!"}


def test_what_was_deleted_is_no_longer_there(fresh, page, heard):
    comment = fresh.comment(LINKEDIN, "Oubliez ça", author=JULIE)
    (asked, _) = heard()
    assert linkedin.still_there(asked.external_id, Kind.COMMENT, page)

    fresh.remove_comment(comment["id"])

    (removed,) = heard()
    assert isinstance(removed, Removed)
    assert removed.external_id == asked.external_id
    assert not linkedin.still_there(asked.external_id, Kind.COMMENT, page)
    assert list(linkedin.fetch(asked.external_id, page)) == []
    assert list(linkedin.listing(page, since(), [asked.post.external_id])) == []


def test_likes_and_shares_are_told(fresh, page, heard):
    comment = fresh.comment(LINKEDIN, "Bravo!", author=JULIE)
    (asked, _) = heard()
    fresh.react_to_comment(comment["id"], "like", author=MARC)
    fresh.ask("POST", "linkedin/like", {"post": asked.post.external_id, "author": MARC})
    fresh.ask("POST", "linkedin/share", {"post": asked.post.external_id, "author": MARC, "text": "À lire"})

    liked, liked_post, shared = heard()
    assert isinstance(liked, Reacted)
    assert (liked.external_id, liked_post.external_id) == (asked.external_id, asked.post.external_id)
    assert isinstance(shared, Received)
    assert shared.text == "À lire"


def test_everything_that_can_be_done_is_done_and_may_be_done_twice(fresh, page, heard):
    fresh.comment(LINKEDIN, "Bravo!", author=JULIE)
    (asked, _) = heard()
    deed = Deed(action=Action.LIKE, kind=Kind.COMMENT, thread=asked.thread, external_id=asked.external_id)

    for action in (Action.LIKE, Action.UNLIKE, Action.DELETE):
        for _ in range(2):
            linkedin.act(replace(deed, action=action), page)

    (removed,) = heard()
    assert isinstance(removed, Removed)
    assert not linkedin.still_there(asked.external_id, Kind.COMMENT, page)


def test_our_own_words_are_changed(fresh, page, heard):
    root = fresh.comment(LINKEDIN, "Ouvert?", author=JULIE)
    fresh.native_comment(LINKEDIN, "Oui, jusqu’à 12 h.", parent=root["id"])
    *_, ours = [event for event in heard() if isinstance(event, OwnTurn)]
    deed = Deed(action=Action.EDIT, kind=Kind.COMMENT, thread=ours.thread, external_id=ours.external_id, text="Jusqu’à 21 h.")

    linkedin.act(deed, page)

    (edited,) = heard()
    assert (edited.external_id, edited.text) == (ours.external_id, "Jusqu’à 21 h.")


def test_the_words_of_others_are_not_ours_to_change(fresh, page, heard):
    fresh.comment(LINKEDIN, "Ouvert?", author=JULIE)
    (asked, _) = heard()
    deed = Deed(action=Action.EDIT, kind=Kind.COMMENT, thread=asked.thread, external_id=asked.external_id, text="Non")
    with pytest.raises(SendRefused) as caught:
        linkedin.act(deed, page)
    assert caught.value.reason is Reason.PERMISSION


def test_a_retired_version_says_so(fresh, page):
    with pytest.raises(SendRefused) as caught:
        linkedin.identity(replace(page, version="202001"))
    assert caught.value.reason is Reason.OUTDATED


def test_webhooks_are_asked_for_and_seen_to_come(fresh, page, sink):
    fresh.configure(linkedin_http_allowed=True)
    linkedin.subscribe(page, f"{sink.url}/hooks/linkedin/")

    health = linkedin.check(page)

    assert (health.name, health.subscribed) == ("Groupe Pharmacie du Quai", True)
    assert health.subscription_expires_at is not None
    assert health.subscription_expires_at > datetime.now(UTC)
    assert health.missing_permissions == ()


def test_a_grant_that_was_taken_back_is_dead(fresh, page):
    fresh.ask("POST", "linkedin/revoke", {"page": LINKEDIN})
    with pytest.raises(SendRefused) as caught:
        linkedin.check(page)
    assert caught.value.reason is Reason.TOKEN_DEAD


def test_a_member_who_cannot_be_seen_has_no_name(fresh, page, heard):
    fresh.ask("POST", "linkedin/person", {"page": LINKEDIN, "author": MARC, "private": True})
    fresh.comment(LINKEDIN, "Bonjour", author=MARC)
    fresh.comment(LINKEDIN, "Bonjour", author=JULIE)
    people = [event.author.id for event in heard() if isinstance(event, Received)]
    assert [linkedin.name_of(person, page) for person in people] == ["", JULIE]
