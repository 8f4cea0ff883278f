"""Our connectors of Meta and the simulator's Meta, over HTTP: what neither of the two could know from the other's code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import (
    AccessChanged,
    Action,
    App,
    Connection,
    Deed,
    Edited,
    Event,
    Hint,
    Kind,
    Outgoing,
    Owner,
    OwnerChanged,
    OwnTurn,
    PolicyEnforced,
    PostPublished,
    Reacted,
    Reason,
    Receipt,
    Received,
    Removed,
    SendRefused,
    Status,
    Touched,
    Turn,
    Unrecognised,
    VisibilityChanged,
)
from simulator.client import Simulator
from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, MOULIN, MOULIN_TOKEN

APP, INSTAGRAM_APP, META_INBOX = "112233445566778", "998877665544332", "263902037430900"
LINKED = "17841400000000777"  # an account that is reached through its page
facebook, instagram = platforms.get("facebook"), platforms.get("instagram")

Heard = Callable[[], list[Event]]


@pytest.fixture
def heard(sink, drained) -> Heard:
    def events() -> list[Event]:
        drained()
        family, found = platforms.family("meta"), []
        for each in sink.received:
            found += family.parse(each.body, received_at=datetime.now(UTC))
        sink.clear()
        assert not [event for event in found if isinstance(event, Unrecognised)]
        return found

    return events


def hooks(sim: Simulator) -> App:
    return App(sim.url, APP, "dev-meta-app-secret", "dev-verify-token")


@pytest.fixture
def page(fresh: Simulator) -> Connection:
    return Connection(FACEBOOK, FACEBOOK_TOKEN, fresh.url, "v26.0", "dev-meta-app-secret", app_id=APP, hooks=hooks(fresh))


@pytest.fixture
def account(fresh: Simulator) -> Connection:
    own = {"settings": {"login": "instagram"}, "app_id": INSTAGRAM_APP, "hooks": hooks(fresh)}
    return Connection(INSTAGRAM, INSTAGRAM_TOKEN, fresh.url, "v26.0", "dev-instagram-app-secret", **own)


@pytest.fixture
def linked(fresh: Simulator, heard: Heard) -> Connection:
    """An account reached through its page, with the page's token."""
    told = {"page": MOULIN, "product": "facebook_login"}
    fresh.create_page(
        "instagram", LINKED, name="Le Moulin", username="le.moulin", token="dev-token-unused", posts=["Bonjour"], extra=told
    )
    heard()
    own = {"settings": {"login": "facebook"}, "app_id": APP, "hooks": hooks(fresh)}
    return Connection(LINKED, MOULIN_TOKEN, fresh.url, "v26.0", "dev-meta-app-secret", **own)


def since() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def listed(connector, connection: Connection, posts: tuple[str, ...] = ()) -> list[Event]:
    items = connector.listing(connection, since(), posts)
    return [event for item in items for event in connector.read_listed(connection.external_id, item)]


def posts_of(turns: list[Turn]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(turn.post.external_id for turn in turns if turn.post))


def of(events: list[Event], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def plain(turn: Turn) -> tuple:
    """What a webhook and a list must agree on. A webhook counts the time finer, or tells none."""
    at = turn.at.replace(microsecond=0) if turn.at else None
    author = getattr(turn, "author", None)
    return type(turn), turn.external_id, turn.kind, turn.thread, turn.text, at, author.id if author else "", turn.rating


def deed(action: Action, turn: Turn, **more: str) -> Deed:
    return Deed(action=action, kind=turn.kind, thread=turn.thread, external_id=turn.external_id, **more)


def answer(turn: Turn, **more) -> Outgoing:
    told = {"thread": turn.thread, "text": "Bonjour, oui.", "correlation": "comptoir:1"} | more
    post = {"post_id": turn.post.external_id, "post_kind": turn.post.kind} if turn.post else {}
    return Outgoing(kind=turn.kind, **post, **told)


# --- lists say what webhooks said ------------------------------------------------------------------------


def test_everything_on_a_page_is_listed_as_it_was_told(fresh, page, heard):
    root = fresh.comment(FACEBOOK, "Ouvert demain ?")
    fresh.comment(FACEBOOK, "Et dimanche ?", author="Marc Fictif", parent=root["id"])
    fresh.native_comment(FACEBOOK, "Oui, de 9 h à 17 h.", parent=root["id"])
    fresh.publish(FACEBOOK, "Où vous trouver ?", author="Julie Exemple", kind="visitor")
    fresh.review(FACEBOOK, "Bravo", recommends=True)
    fresh.message(FACEBOOK, "Bonjour")
    fresh.native_message(FACEBOOK, "Bonjour Julie")
    told = of(heard(), Turn)

    found = of(listed(facebook, page, posts_of(told)), Turn)

    assert len(told) == 7
    assert sorted(map(plain, found), key=repr) == sorted(map(plain, told), key=repr)


@pytest.mark.parametrize("login", ["account", "linked"])
def test_everything_of_an_account_is_listed_as_it_was_told(fresh, heard, request, login):
    connection = request.getfixturevalue(login)
    us = connection.external_id
    root = fresh.comment(us, "Ouvert demain ?")
    fresh.comment(us, "Et dimanche ?", author="marc.fictif", parent=root["id"])
    fresh.native_comment(us, "Oui.", parent=root["id"])
    fresh.message(us, "Bonjour")
    fresh.native_message(us, "Bonjour Julie")
    told = of(heard(), Turn)

    found = of(listed(instagram, connection, posts_of(told)), Turn)

    assert len(told) == 5
    assert sorted(map(plain, found), key=repr) == sorted(map(plain, told), key=repr)


def test_lists_of_many_pages_with_empty_ones_between_are_read_to_the_end(fresh, account, heard):
    fresh.configure(graph_empty_pages=True)
    for number in range(60):
        fresh.comment(INSTAGRAM, f"Question {number}")
    told = of(heard(), Turn)

    assert len(of(listed(instagram, account, posts_of(told)), Received)) == 60


def test_a_comment_removed_without_a_word_is_not_listed_and_not_there(fresh, account, heard):
    written = fresh.comment(INSTAGRAM, "Ouvert ?")
    [told] = of(heard(), Received)
    fresh.remove_comment(written["id"])

    assert heard() == []
    assert of(listed(instagram, account, posts_of([told])), Received) == []
    assert not instagram.still_there(told.external_id, Kind.COMMENT, account)


def test_a_persons_token_lists_nothing_and_is_not_believed(page):
    with pytest.raises(SendRefused):
        listed(facebook, replace(page, token="dev-user-token-1"))


# --- what may be done -----------------------------------------------------------------------------------


@pytest.mark.parametrize("twice", [False, True])
def test_a_comment_on_a_page_is_hidden_and_shown_again(fresh, page, heard, twice):
    fresh.comment(FACEBOOK, "Vilain mot")
    [told] = heard()

    for action, hidden in ((Action.HIDE, True), (Action.UNHIDE, False)):
        for _ in range(1 + twice):
            facebook.act(deed(action, told), page)
        assert of(listed(facebook, page, posts_of([told])), VisibilityChanged)[0].hidden is hidden
    changes = of(heard(), VisibilityChanged)
    assert {event.external_id for event in changes} == {told.external_id}
    assert list(dict.fromkeys(event.hidden for event in changes)) == [True, False]


@pytest.mark.parametrize("login", ["account", "linked"])
def test_a_comment_of_an_account_is_hidden_without_a_webhook(fresh, heard, request, login):
    connection = request.getfixturevalue(login)
    fresh.comment(connection.external_id, "Vilain mot")
    [told] = heard()

    instagram.act(deed(Action.HIDE, told), connection)

    assert heard() == []
    assert of(listed(instagram, connection, posts_of([told])), VisibilityChanged)[0].hidden


@pytest.mark.parametrize(("slug", "us"), [("facebook", FACEBOOK), ("instagram", INSTAGRAM)])
def test_a_comment_is_deleted_once_and_for_all(fresh, heard, request, slug, us):
    connector, connection = platforms.get(slug), request.getfixturevalue("page" if slug == "facebook" else "account")
    fresh.comment(us, "Vilain mot")
    [told] = heard()

    connector.act(deed(Action.DELETE, told), connection)
    connector.act(deed(Action.DELETE, told), connection)

    assert [event.external_id for event in of(heard(), Removed)] == ([told.external_id] if slug == "facebook" else [])
    assert not connector.still_there(told.external_id, Kind.COMMENT, connection)


def test_a_comment_is_liked_as_the_page(fresh, page, heard):
    fresh.comment(FACEBOOK, "Merci !")
    [told] = heard()
    for action in (Action.LIKE, Action.LIKE, Action.UNLIKE, Action.UNLIKE):
        facebook.act(deed(action, told), page)


def test_what_we_wrote_is_corrected_and_nothing_of_theirs_can_be(fresh, page, heard):
    fresh.comment(FACEBOOK, "Ouvert ?")
    [told] = heard()
    facebook.send(answer(told), page)
    [ours] = heard()

    facebook.act(deed(Action.EDIT, ours, text="Bonjour, non."), page)
    assert [(event.external_id, event.text) for event in of(heard(), Edited)] == [(ours.external_id, "Bonjour, non.")]

    with pytest.raises(SendRefused):
        facebook.act(deed(Action.EDIT, told, text="…"), page)


def test_a_thread_is_taken_from_another_app_and_given_back(fresh, page, heard):
    fresh.message(FACEBOOK, "Bonjour")
    [told] = heard()
    fresh.take_thread(FACEBOOK)
    [taken] = of(heard(), OwnerChanged)
    assert (taken.thread, taken.owner) == (told.thread, Owner.PLATFORM)

    with pytest.raises(SendRefused) as refused:
        facebook.send(answer(told), page)
    assert refused.value.reason is Reason.THREAD_OWNED

    facebook.act(deed(Action.TAKE_THREAD, told), page)
    facebook.send(answer(told), page)
    facebook.act(deed(Action.RELEASE_THREAD, told), page)


def test_what_comes_while_another_app_has_the_thread_says_so(fresh, page, heard):
    fresh.message(FACEBOOK, "Bonjour")
    fresh.take_thread(FACEBOOK)
    heard()

    fresh.message(FACEBOOK, "Toujours là ?")

    said, held = heard()
    assert (type(said), said.text, held.owner, held.thread) == (Received, "Toujours là ?", Owner.OTHER, said.thread)


def test_a_message_to_an_account_is_given_a_heart(fresh, account, heard):
    fresh.message(INSTAGRAM, "Merci !")
    [told] = heard()
    instagram.act(deed(Action.LIKE, told), account)
    instagram.act(deed(Action.UNLIKE, told), account)


@pytest.mark.parametrize(("slug", "us", "fixture"), [("facebook", FACEBOOK, "page"), ("instagram", INSTAGRAM, "account")])
def test_a_comment_has_one_private_answer(fresh, heard, request, slug, us, fixture):
    connector, connection = platforms.get(slug), request.getfixturevalue(fixture)
    fresh.comment(us, "Mon ordonnance ?")
    [told] = heard()
    private = answer(told, private_to=told.external_id)

    sent = connector.send(private, connection)
    [echo] = of(heard(), OwnTurn)
    assert (echo.external_id, echo.kind) == (sent.external_id, Kind.MESSAGE)

    with pytest.raises(SendRefused) as refused:
        connector.send(private, connection)
    assert refused.value.reason is Reason.ALREADY_REPLIED


def test_a_visitors_post_has_a_private_answer_too(fresh, page, heard):
    fresh.publish(FACEBOOK, "Où vous trouver ?", author="Julie Exemple", kind="visitor")
    [told] = heard()

    sent = facebook.send(answer(told, private_to=told.external_id), page)

    assert [echo.external_id for echo in of(heard(), OwnTurn)] == [sent.external_id]


def test_a_review_is_answered_under_itself_and_its_changes_are_heard(fresh, page, heard):
    written = fresh.review(FACEBOOK, "Bravo", recommends=True)
    [told] = heard()
    assert (told.kind, told.rating, told.text) == (Kind.REVIEW, "positive", "Bravo")

    sent = facebook.send(answer(told), page)
    [echo] = of(heard(), OwnTurn)
    assert (echo.external_id, echo.kind, echo.parent) == (sent.external_id, Kind.REVIEW, told.external_id)

    fresh.edit_review(written["id"], "Moins bien", recommends=False)
    [edit] = of(heard(), Edited)
    assert (edit.external_id, edit.text, edit.rating) == (told.external_id, "Moins bien", "negative")

    fresh.remove_review(written["id"])
    assert [event.external_id for event in of(heard(), Removed)] == [told.external_id]


@pytest.mark.parametrize("kind", ["comment", "caption"])
def test_a_mention_under_media_of_others_is_fetched_and_answered(fresh, linked, heard, kind):
    post = fresh.publish(LINKED, "Merci @le.moulin", author="julie.ex", kind="mention", silent=kind == "comment")
    if kind == "comment":
        fresh.comment(LINKED, "@le.moulin ouvert ?", author="julie.ex", post=post["id"])
    [hint] = of(heard(), Hint)

    [item] = instagram.fetch(hint.external_id, linked)
    [told] = instagram.read_listed(LINKED, item)
    assert (told.author.name, told.post.kind) == ("julie.ex", "mention")
    assert told.text == ("@le.moulin ouvert ?" if kind == "comment" else "Merci @le.moulin")

    assert instagram.send(answer(told), linked).external_id


# --- what else is told ------------------------------------------------------------------------------------


def test_what_became_of_our_messages_is_heard(fresh, page, account, heard):
    for us in (FACEBOOK, INSTAGRAM):
        fresh.message(us, "Bonjour")
        fresh.native_message(us, "Bonjour Julie")
        heard()
        fresh.seen(us)
        receipts = of(heard(), Receipt)
        assert {receipt.status for receipt in receipts} == {Status.READ}
        assert all(receipt.external_id or receipt.until for receipt in receipts)
    fresh.delivered(FACEBOOK)
    assert {receipt.status for receipt in of(heard(), Receipt)} == {Status.DELIVERED}


def test_what_people_do_without_words_is_heard(fresh, page, heard):
    post = fresh.publish(FACEBOOK, "Clinique ouverte")
    fresh.message(FACEBOOK, "Bonjour")
    assert [type(event) for event in heard()] == [PostPublished, Received]

    fresh.react_to_post(FACEBOOK, post["id"])
    fresh.like_page(FACEBOOK)
    fresh.referral(FACEBOOK, {"ref": "r1", "source": "SHORTLINK", "type": "OPEN_THREAD"})
    fresh.happen(FACEBOOK, {"optin": {"ref": "infolettre"}})
    fresh.happen(FACEBOOK, {"app_roles": {APP: ["primary_receiver"]}})
    fresh.happen(FACEBOOK, {"policy_enforcement": {"action": "warning", "reason": "plaintes"}})

    assert [type(event) for event in heard()] == [Reacted, Touched, Touched, PolicyEnforced]


def test_what_meta_shows_to_nobody_is_seen_to_be_there(fresh, page, heard):
    fresh.unsupported(FACEBOOK)
    [told] = heard()
    assert [attachment.type for attachment in told.attachments] == ["unsupported"]


@pytest.mark.parametrize("kind", ["ad", "reel", "live", "story"])
def test_under_what_a_comment_of_an_account_stands_is_known(fresh, account, heard, kind):
    post = fresh.publish(INSTAGRAM, "Vaccins", kind=kind)
    heard()
    fresh.comment(INSTAGRAM, "Combien ?", post=post["id"])
    [told] = heard()
    assert told.post.kind == kind


def test_a_comment_on_an_advertisement_says_so(fresh, page, heard):
    post = fresh.publish(FACEBOOK, "Vaccins", kind="ad")
    heard()
    fresh.comment(FACEBOOK, "Combien ?", post=post["id"])
    [told] = heard()
    assert told.post.kind == "ad"


# --- health --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "fixture"), [("facebook", "page"), ("instagram", "account"), ("instagram", "linked")])
def test_all_is_well_at_first(request, slug, fixture):
    health = platforms.get(slug).check(request.getfixturevalue(fixture))
    assert (health.subscribed, health.missing_permissions, health.missing_fields) == (True, (), ())
    assert health.name


@pytest.mark.parametrize(
    ("slug", "fixture", "scope"),
    [
        ("facebook", "page", "pages_messaging"),
        ("facebook", "page", "pages_manage_engagement"),
        ("instagram", "account", "instagram_business_manage_comments"),
        ("instagram", "linked", "instagram_manage_messages"),
    ],
)
def test_a_permission_that_is_taken_back_is_heard_and_found(fresh, heard, request, slug, fixture, scope):
    connection = request.getfixturevalue(fixture)

    fresh.withdraw(scope)

    changes = [event for event in of(heard(), AccessChanged) if event.channel_id in (connection.external_id, MOULIN)]
    assert all((event.what, event.granted) == (scope, False) for event in changes)
    assert scope in platforms.get(slug).check(connection).missing_permissions


@pytest.mark.parametrize("cause", ["458", "460", "463", "467", "492"])
def test_a_dead_token_is_found(fresh, page, cause):
    fresh.kill_keys(cause, page=FACEBOOK)
    with pytest.raises(SendRefused) as refused:
        facebook.check(page)
    assert refused.value.reason is Reason.TOKEN_DEAD


def test_a_page_that_nobody_subscribed_is_found_and_subscribed(fresh, page, heard, sink):
    fresh.create_page("facebook", "100200300400777", name="Neuve", token="dev-token-neuve", extra={"subscribed": False})
    connection = replace(page, external_id="100200300400777", token="dev-token-neuve")
    assert facebook.check(connection).subscribed is False

    facebook.subscribe(connection, f"{sink.url}/hooks/meta/")

    health = facebook.check(connection)
    assert (health.subscribed, health.missing_fields) == (True, ())
    assert [each["hub.mode"] for each in sink.asked_by_meta()] == ["subscribe", "subscribe"]


@pytest.mark.parametrize("fixture", ["account", "linked"])
def test_an_account_subscribes(request, sink, fixture):
    connection = request.getfixturevalue(fixture)
    instagram.subscribe(connection, f"{sink.url}/hooks/meta/")
    assert instagram.check(connection).missing_fields == ()


def test_a_token_of_an_account_is_renewed_after_its_first_day(fresh, account):
    with pytest.raises(SendRefused):
        instagram.refresh(account)
    fresh.configure(clock_offset=2 * 24 * 3600)

    token, ends_at = instagram.refresh(account)

    assert instagram.identity(replace(account, token=token)) == "pharmacie.vieux.quai"
    assert ends_at > datetime.now(UTC) + timedelta(days=59)


def test_which_login_a_token_is_of_is_found_by_trying(account, linked):
    for connection, login in ((account, "instagram"), (linked, "facebook")):
        accepted = []
        for settings in instagram.variants({}):
            try:
                instagram.identity(replace(connection, settings=settings))
                accepted.append(settings["login"])
            except SendRefused:
                pass
        assert accepted[0] == login


@pytest.mark.parametrize(("slug", "us", "fixture"), [("facebook", FACEBOOK, "page"), ("instagram", INSTAGRAM, "account")])
def test_people_have_names(fresh, heard, request, slug, us, fixture):
    fresh.message(us, "Bonjour")
    [told] = heard()
    assert platforms.get(slug).name_of(told.thread, request.getfixturevalue(fixture)) == "Julie Exemple"


def test_who_may_not_see_profiles_knows_people_from_their_threads(fresh, page, heard):
    fresh.message(FACEBOOK, "Bonjour")
    [told] = heard()
    fresh.configure(profile_access=False)
    assert facebook.name_of(told.thread, page) == "Julie Exemple"


def test_a_page_asks_for_no_more_webhooks_unless_an_account_behind_it_is_connected(linked):
    moulin, behind = replace(linked, external_id=MOULIN, settings={}), "17841400000000502"

    facebook.unsubscribe(moulin, {behind})
    instagram.unsubscribe(linked, {MOULIN})
    assert facebook.check(moulin).subscribed

    facebook.unsubscribe(moulin, set())
    assert facebook.check(moulin).subscribed is False
