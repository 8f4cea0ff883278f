"""What may be done beside answering, and that doing it twice is doing it."""

from dataclasses import replace

import pytest

from inbox import platforms
from inbox.platforms.base import Action, Connection, Deed, Kind, Reason, SendNotReached, SendRefused, SendUncertain
from tests.inbox.platforms.server import Saying

PAGE, COMMENT, POST, JULIE = "100200300400500", "900111_900222", "100200300400500_900666", "7011223344556677"
DONE = {"success": True}
GONE = Saying({"error": {"code": 100, "error_subcode": 33, "message": "no"}}, 400)
REFUSED = Saying({"error": {"code": 100, "message": "no"}}, 400)

facebook, instagram = platforms.get("facebook"), platforms.get("instagram")
ON_COMMENT = Deed(action=Action.HIDE, kind=Kind.COMMENT, thread=COMMENT, external_id=COMMENT)
ON_THREAD = Deed(action=Action.TAKE_THREAD, kind=Kind.MESSAGE, thread=JULIE)
RELEASE = replace(ON_THREAD, action=Action.RELEASE_THREAD)
ON_MESSAGE = replace(ON_THREAD, action=Action.LIKE, external_id="m_1")


@pytest.fixture
def page(platform) -> Connection:
    platform.says(DONE)
    return Connection(PAGE, "page-token", platform.url, "v26.0")


WITH_A_HEART = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": JULIE,
    "type": "reaction",
    "reaction": {"message_id": "m_1", "emoji": "\u2764\ufe0f"},
}
WRITES = [
    ("facebook", ON_COMMENT, "POST", COMMENT, {"is_hidden": "true"}),
    ("facebook", replace(ON_COMMENT, action=Action.UNHIDE), "POST", COMMENT, {"is_hidden": "false"}),
    ("facebook", replace(ON_COMMENT, external_id=POST), "POST", POST, {"is_hidden": "true"}),
    ("facebook", replace(ON_COMMENT, action=Action.DELETE), "DELETE", COMMENT, {}),
    ("facebook", replace(ON_COMMENT, action=Action.LIKE), "POST", f"{COMMENT}/likes", {}),
    ("facebook", replace(ON_COMMENT, action=Action.UNLIKE), "DELETE", f"{COMMENT}/likes", {}),
    (
        "facebook",
        replace(ON_COMMENT, action=Action.EDIT, text="Pardon, demain."),
        "POST",
        COMMENT,
        {"message": "Pardon, demain."},
    ),
    ("instagram", ON_COMMENT, "POST", COMMENT, {"hide": "true"}),
    ("instagram", replace(ON_COMMENT, action=Action.UNHIDE), "POST", COMMENT, {"hide": "false"}),
    ("instagram", replace(ON_COMMENT, action=Action.DELETE), "DELETE", COMMENT, {}),
]
CALLS = [
    (
        "facebook",
        replace(ON_MESSAGE, action=Action.MARK_READ),
        f"{PAGE}/messages",
        {"recipient": {"id": JULIE}, "sender_action": "mark_seen"},
    ),
    (
        "instagram",
        replace(ON_MESSAGE, action=Action.MARK_READ),
        "me/messages",
        {"recipient": {"id": JULIE}, "sender_action": "mark_seen"},
    ),
    (
        "whatsapp",
        replace(ON_MESSAGE, action=Action.MARK_READ),
        f"{PAGE}/messages",
        {"messaging_product": "whatsapp", "status": "read", "message_id": "m_1"},
    ),
    ("whatsapp", ON_MESSAGE, f"{PAGE}/messages", WITH_A_HEART),
    (
        "whatsapp",
        replace(ON_MESSAGE, action=Action.UNLIKE, thread="CA.7"),
        f"{PAGE}/messages",
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "recipient": "CA.7",
            "type": "reaction",
            "reaction": {"message_id": "m_1", "emoji": ""},
        },
    ),
    ("facebook", ON_THREAD, f"{PAGE}/take_thread_control", {"recipient": {"id": JULIE}}),
    (
        "facebook",
        replace(ON_THREAD, action=Action.RELEASE_THREAD),
        f"{PAGE}/release_thread_control",
        {"recipient": {"id": JULIE}},
    ),
    ("instagram", ON_THREAD, "me/take_thread_control", {"recipient": {"id": JULIE}}),
    ("instagram", RELEASE, "me/release_thread_control", {"recipient": {"id": JULIE}}),
    (
        "instagram",
        ON_MESSAGE,
        "me/messages",
        {"recipient": {"id": JULIE}, "sender_action": "react", "payload": {"message_id": "m_1", "reaction": "love"}},
    ),
    (
        "instagram",
        replace(ON_MESSAGE, action=Action.UNLIKE),
        "me/messages",
        {"recipient": {"id": JULIE}, "sender_action": "unreact", "payload": {"message_id": "m_1"}},
    ),
]


def name(case: object) -> str:
    return str(case.action) if isinstance(case, Deed) else ""


@pytest.mark.parametrize(("slug", "deed", "method", "path", "form"), WRITES, ids=name)
def test_a_deed_is_what_the_documents_say(platform, page, slug, deed, method, path, form):
    platforms.get(slug).act(deed, page)
    (asked,) = platform.asked
    assert (asked.method, asked.path, asked.form) == (method, f"/v26.0/{path}", form)


@pytest.mark.parametrize(("slug", "deed", "path", "body"), CALLS, ids=name)
def test_a_deed_in_a_thread_is_what_the_documents_say(platform, page, slug, deed, path, body):
    platforms.get(slug).act(deed, page)
    (asked,) = platform.asked
    assert (asked.method, asked.path, asked.json) == ("POST", f"/v26.0/{path}", body)


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_what_is_gone_already_is_deleted(platform, page, slug):
    platform.says(GONE)
    platforms.get(slug).act(replace(ON_COMMENT, action=Action.DELETE), page)


@pytest.mark.parametrize(("slug", "field"), [("facebook", "is_hidden"), ("instagram", "hidden")])
@pytest.mark.parametrize(("action", "state"), [(Action.HIDE, True), (Action.UNHIDE, False)])
def test_what_is_hidden_already_is_hidden_whatever_the_platform_says_to_it(platform, page, slug, field, action, state):
    platform.says(REFUSED, {field: state})
    platforms.get(slug).act(replace(ON_COMMENT, action=action), page)


@pytest.mark.parametrize("then", [{"is_hidden": False}, {}, GONE])
def test_what_is_not_hidden_after_all_was_refused(platform, page, then):
    platform.says(REFUSED, then)
    with pytest.raises(SendRefused) as caught:
        facebook.act(ON_COMMENT, page)
    assert caught.value.reason == Reason.INVALID


def test_a_dead_token_is_not_asked_again(platform, page):
    platform.says(Saying({"error": {"code": 190, "message": "no"}}, 400))
    with pytest.raises(SendRefused) as caught:
        facebook.act(ON_COMMENT, page)
    assert (caught.value.reason, len(platform.asked)) == (Reason.TOKEN_DEAD, 1)


@pytest.mark.parametrize(
    ("saying", "error"),
    [
        (Saying(status=500), SendUncertain),
        (Saying(cut=True), SendUncertain),
        (Saying({"error": {"code": 32, "message": "no"}}, 400), SendNotReached),
        (Saying({"success": False}), SendRefused),
    ],
)
def test_a_deed_without_a_clear_outcome_is_not_called_done(platform, page, saying, error):
    platform.says(saying)
    with pytest.raises(error):
        facebook.act(replace(ON_COMMENT, action=Action.DELETE), page)


IMPOSSIBLE = [
    ("facebook", replace(ON_COMMENT, action=Action.APPROVE)),
    ("instagram", replace(ON_COMMENT, action=Action.LIKE)),
    ("instagram", replace(ON_COMMENT, action=Action.EDIT)),
    ("instagram", replace(ON_MESSAGE, action=Action.DELETE)),
    ("whatsapp", replace(ON_MESSAGE, action=Action.HIDE)),
]


@pytest.mark.parametrize(("slug", "deed"), IMPOSSIBLE, ids=name)
def test_what_a_platform_does_not_have_is_not_tried(platform, page, slug, deed):
    with pytest.raises(SendRefused) as caught:
        platforms.get(slug).act(deed, page)
    assert (caught.value.reason, platform.asked) == (Reason.NOT_ALLOWED, [])


def test_words_too_long_are_not_put_in_the_place_of_others(platform, page):
    with pytest.raises(SendRefused) as caught:
        facebook.act(replace(ON_COMMENT, action=Action.EDIT, text="x" * 8001), page)
    assert (caught.value.reason, platform.asked) == (Reason.TOO_LONG, [])


CONTROL = {Action.TAKE_THREAD, Action.RELEASE_THREAD}
OFFERED = [
    ("facebook", Kind.COMMENT, False, {Action.HIDE, Action.UNHIDE, Action.DELETE, Action.LIKE, Action.UNLIKE}),
    ("facebook", Kind.COMMENT, True, {Action.EDIT, Action.DELETE}),
    ("facebook", Kind.REVIEW, False, set()),
    ("facebook", Kind.REVIEW, True, {Action.EDIT, Action.DELETE}),
    ("facebook", Kind.MESSAGE, False, CONTROL | {Action.MARK_READ}),
    ("facebook", Kind.MESSAGE, True, CONTROL),
    ("whatsapp", Kind.MESSAGE, False, {Action.LIKE, Action.UNLIKE, Action.MARK_READ}),
    ("whatsapp", Kind.MESSAGE, True, set()),
    ("instagram", Kind.COMMENT, False, {Action.HIDE, Action.UNHIDE, Action.DELETE}),
    ("instagram", Kind.COMMENT, True, {Action.DELETE}),
    ("instagram", Kind.REVIEW, False, set()),
    ("instagram", Kind.MESSAGE, False, {Action.LIKE, Action.UNLIKE, Action.MARK_READ}),
    ("instagram", Kind.MESSAGE, True, set()),
]


@pytest.mark.parametrize(("slug", "kind", "ours", "actions"), OFFERED)
def test_what_is_offered_is_what_the_platform_has(slug, kind, ours, actions):
    assert platforms.get(slug).actions(kind, {"login": "instagram"}, ours=ours) == actions


def test_an_account_that_is_reached_through_its_page_may_hand_threads_over():
    assert instagram.actions(Kind.MESSAGE, {"login": "facebook"}, ours=True) == CONTROL
