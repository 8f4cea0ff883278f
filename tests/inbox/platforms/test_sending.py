"""What each connector puts on the wire, what it makes of the answer, and how far the platform lets it go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import (
    Connection,
    Kind,
    Meter,
    Outgoing,
    Reason,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    WindowState,
)
from tests.factories import DAY, HOUR, NOON
from tests.inbox.platforms.server import Saying

SERVER_TIME = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ITSELF = {"id": "9001", "user_id": "17841400000000001", "username": "pharmacie.exemple"}
PAGE, ACCOUNT, ORGANIZATION = "100200300400500", "17841400000000001", "urn:li:organization:77001100"
POST, ROOT, DEEPER = f"{PAGE}_900111", "900111_900222", "900111_900333"
ACTIVITY = "urn:li:activity:7400000000000000101"
URN = f"urn:li:comment:({ACTIVITY},7400000000000000201)"
ENCODED = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7400000000000000101%2C7400000000000000201%29"

facebook, instagram, linkedin = (platforms.get(slug) for slug in ("facebook", "instagram", "linkedin"))
COMMENT = Outgoing(
    kind=Kind.COMMENT, thread=ROOT, text="Bonjour Julie, oui.", correlation="comptoir:8f3a", reply_to=DEEPER, post_id=POST
)
MESSAGE = Outgoing(kind=Kind.MESSAGE, thread="7011223344556677", text="Bonjour Julie, oui.", correlation="comptoir:8f3a")
PRIVATE = replace(MESSAGE, thread=ROOT, private_to=DEEPER)


@pytest.fixture
def page(platform) -> Connection:
    return Connection(PAGE, "page-token", platform.url, "v26.0", "app-secret")


@pytest.fixture
def account(platform) -> Connection:
    return Connection(ACCOUNT, "account-token", platform.url, "v26.0")


@pytest.fixture
def organization(platform) -> Connection:
    return Connection(ORGANIZATION, "member-token", platform.url, "202609")


# --- Facebook ----------------------------------------------------------------------------------------


def test_facebook_answers_a_comment_under_its_root(platform, page):
    platform.says({"id": "900111_900999"})
    assert facebook.send(COMMENT, page) == Sent("900111_900999", SERVER_TIME)
    (asked,) = platform.asked
    assert asked.path == f"/v26.0/{ROOT}/comments"
    assert asked.form == {"message": COMMENT.text}


def test_an_id_without_its_post_is_the_same_id(platform, page):
    platform.says({"id": "900999"})
    assert facebook.send(COMMENT, page).external_id == "900111_900999"


def test_facebook_writes_to_a_person_and_marks_what_it_wrote(platform, page):
    platform.says({"recipient_id": "7011223344556677", "message_id": "m_1"})
    assert facebook.send(MESSAGE, page) == Sent("m_1", SERVER_TIME)
    (asked,) = platform.asked
    assert asked.path == f"/v26.0/{PAGE}/messages"
    assert asked.json == {
        "recipient": {"id": "7011223344556677"},
        "messaging_type": "RESPONSE",
        "message": {"text": MESSAGE.text, "metadata": "comptoir:8f3a"},
    }


def test_a_person_may_write_after_the_standard_window_and_says_so(platform, page):
    platform.says({"message_id": "m_1"})
    facebook.send(replace(MESSAGE, human_agent=True), page)
    body = platform.asked[0].json
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_a_private_reply_goes_to_the_author_of_the_comment(platform, page):
    platform.says({"recipient_id": "7011223344556677", "message_id": "m_1"})
    facebook.send(PRIVATE, page)
    (asked,) = platform.asked
    assert asked.path == f"/v26.0/{PAGE}/messages"
    assert asked.json == {"recipient": {"comment_id": DEEPER}, "message": {"text": PRIVATE.text, "metadata": "comptoir:8f3a"}}


def test_facebook_finds_its_comment_among_the_replies(platform, page):
    item = {"id": "900999", "message": COMMENT.text, "created_time": "2026-11-23T17:00:03+0000", "from": {"id": PAGE}}
    platform.says({"data": [item]})
    assert facebook.find_sent(COMMENT, page, NOON) == Sent("900111_900999", NOON + timedelta(seconds=3))
    assert platform.asked[0].path == f"/v26.0/{ROOT}/comments"


def test_facebook_finds_its_message_in_the_thread(platform, page):
    item = {"id": "m_1", "message": MESSAGE.text, "created_time": "2026-11-23T17:00:03+0000", "from": {"id": PAGE}}
    theirs = item | {"id": "m_0", "from": {"id": MESSAGE.thread}}
    platform.says({"data": [{"id": "t_1", "messages": {"data": [theirs, item]}}]})
    assert facebook.find_sent(MESSAGE, page, NOON) == Sent("m_1", NOON + timedelta(seconds=3))
    (asked,) = platform.asked
    assert asked.path == f"/v26.0/{PAGE}/conversations"
    assert (asked.query["platform"], asked.query["user_id"]) == ("messenger", MESSAGE.thread)


def test_facebook_knows_the_page_by_name(platform, page):
    platform.says({"id": PAGE, "name": "Pharmacie Exemple"})
    assert facebook.identity(page) == "Pharmacie Exemple"


def test_a_token_of_another_page_is_not_this_pages(platform, page):
    platform.says({"id": "100200300400599", "name": "Une autre"})
    with pytest.raises(SendRefused) as caught:
        facebook.identity(page)
    assert caught.value.reason == Reason.PERMISSION


# --- Instagram ---------------------------------------------------------------------------------------


def test_instagram_answers_a_comment_under_its_root(platform, account):
    platform.says({"id": "18010000000000009"})
    sent = instagram.send(replace(COMMENT, thread="18010000000000000", reply_to="18010000000000001"), account)
    assert sent == Sent("18010000000000009", SERVER_TIME)
    (asked,) = platform.asked
    assert asked.path == "/v26.0/18010000000000000/replies"
    assert asked.form == {"message": COMMENT.text}
    assert asked.query == {}


def test_instagram_writes_to_a_person_without_marks_it_would_refuse(platform, account):
    platform.says({"recipient_id": "6841100000000001", "message_id": "aWd"})
    assert instagram.send(replace(MESSAGE, thread="6841100000000001"), account) == Sent("aWd", SERVER_TIME)
    (asked,) = platform.asked
    assert asked.path == "/v26.0/me/messages"
    assert asked.json == {"recipient": {"id": "6841100000000001"}, "message": {"text": MESSAGE.text}}


def test_instagram_too_lets_a_person_write_later(platform, account):
    platform.says({"message_id": "aWd"})
    instagram.send(replace(MESSAGE, human_agent=True), account)
    body = platform.asked[0].json
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_instagram_finds_its_reply(platform, account):
    reply = {"id": "18010000000000009", "text": COMMENT.text, "timestamp": "2026-11-23T17:00:03+0000", "username": "pharmacie"}
    platform.says(ITSELF, {"data": [reply]})
    found = instagram.find_sent(replace(COMMENT, thread="18010000000000000"), account, NOON)
    assert found == Sent("18010000000000009", NOON + timedelta(seconds=3))
    assert platform.asked[1].path == "/v26.0/18010000000000000/replies"


def test_instagram_finds_its_message_in_the_thread(platform, account):
    # By whichever of its two ids the list names the account.
    for us in (ACCOUNT, ITSELF["id"]):
        item = {"id": "aWd", "message": MESSAGE.text, "created_time": "2026-11-23T17:00:03+0000", "from": {"id": us}}
        platform.says(ITSELF, {"data": [{"messages": {"data": [item]}}]})
        assert instagram.find_sent(MESSAGE, account, NOON) == Sent("aWd", NOON + timedelta(seconds=3))
        assert platform.asked[-1].query["platform"] == "instagram"


def test_a_visitors_post_is_answered_in_private_as_a_post(platform, page):
    platform.says({"recipient_id": "7011223344556677", "message_id": "m_1"})
    facebook.send(replace(PRIVATE, private_to=f"{PAGE}_900666"), page)
    assert platform.asked[0].json["recipient"] == {"post_id": f"{PAGE}_900666"}


def test_a_rating_is_answered_under_itself(platform, page):
    platform.says({"id": "900999"})
    sent = facebook.send(replace(COMMENT, kind=Kind.REVIEW, thread="900900", reply_to="900900", post_id=""), page)
    assert sent.external_id == "900900_900999"
    assert platform.asked[0].path == "/v26.0/900900/comments"


MENTION = replace(COMMENT, thread="18010000000000088", reply_to="", post_id="17900000000000077", post_kind="mention")


@pytest.mark.parametrize(
    ("thread", "form"),
    [
        ("18010000000000088", {"media_id": "17900000000000077", "comment_id": "18010000000000088", "message": COMMENT.text}),
        ("17900000000000077", {"media_id": "17900000000000077", "message": COMMENT.text}),
    ],
)
def test_instagram_answers_a_mention_through_the_mention(platform, account, thread, form):
    platform.says({"id": "18010000000000099"})
    assert instagram.send(replace(MENTION, thread=thread), account).external_id == "18010000000000099"
    (asked,) = platform.asked
    assert (asked.path, asked.form) == (f"/v26.0/{ACCOUNT}/mentions", form)


def test_what_is_said_under_media_of_others_cannot_be_looked_up(platform, account):
    with pytest.raises(SendRefused):
        instagram.find_sent(MENTION, account, NOON)
    assert platform.asked == []


def test_in_a_live_video_instagram_takes_no_public_answer(platform, account):
    with pytest.raises(SendRefused) as caught:
        instagram.send(replace(COMMENT, post_kind="live"), account)
    assert (caught.value.reason, platform.asked) == (Reason.NOT_ALLOWED, [])


# --- LinkedIn ----------------------------------------------------------------------------------------

TO_LINKEDIN = replace(COMMENT, thread=URN, reply_to=URN, post_id=ACTIVITY)
ACCEPTED = Saying(
    {
        "id": "7400000000000000209",
        "commentUrn": f"urn:li:comment:({ACTIVITY},7400000000000000209)",
        "created": {"time": 1795453203000},
    },
    201,
    {"x-restli-id": "7400000000000000209"},
)


def test_linkedin_answers_under_the_root_comment(platform, organization):
    platform.says(ACCEPTED)
    sent = linkedin.send(TO_LINKEDIN, organization)
    assert sent == Sent(f"urn:li:comment:({ACTIVITY},7400000000000000209)", NOON + timedelta(seconds=3))
    (asked,) = platform.asked
    assert asked.path == f"/rest/socialActions/{ENCODED}/comments"
    assert asked.json == {"actor": ORGANIZATION, "object": ACTIVITY, "message": {"text": COMMENT.text}, "parentComment": URN}
    assert asked.headers["LinkedIn-Version"] == "202609"
    assert asked.headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert asked.headers["Authorization"] == "Bearer member-token"


def test_linkedin_may_tell_the_id_in_a_header_only(platform, organization):
    platform.says(Saying(status=201, raw=b"", headers={"x-restli-id": "7400000000000000209"}))
    assert linkedin.send(TO_LINKEDIN, organization) == Sent(f"urn:li:comment:({ACTIVITY},7400000000000000209)", SERVER_TIME)


def test_linkedin_without_any_id_is_uncertain(platform, organization):
    platform.says(Saying(status=201, raw=b""))
    with pytest.raises(SendUncertain):
        linkedin.send(TO_LINKEDIN, organization)


def test_a_share_that_mentions_us_is_answered_under_itself(platform, organization):
    platform.says(ACCEPTED)
    linkedin.send(replace(COMMENT, thread="urn:li:share:7095", reply_to="", post_id=""), organization)
    (asked,) = platform.asked
    assert asked.path == "/rest/socialActions/urn%3Ali%3Ashare%3A7095/comments"
    assert asked.json == {"actor": ORGANIZATION, "object": "urn:li:share:7095", "message": {"text": COMMENT.text}}


def comment(number: int, *, actor: str = ORGANIZATION, text: str = COMMENT.text, time: int = 1795453203000) -> dict:
    urn = f"urn:li:comment:({ACTIVITY},{number})"
    return {"commentUrn": urn, "actor": actor, "message": {"text": text}, "created": {"time": time}}


def test_linkedin_finds_its_comment_on_a_later_page(platform, organization):
    others = [comment(1, actor="urn:li:person:x"), comment(2, text="Autre"), comment(3, time=1795453199000)]
    platform.says(
        {"elements": others, "paging": {"links": [{"rel": "next", "href": "http://evil.example/"}]}},
        {"elements": [comment(4)], "paging": {"links": []}},
    )
    found = linkedin.find_sent(TO_LINKEDIN, organization, NOON)
    assert found == Sent(f"urn:li:comment:({ACTIVITY},4)", NOON + timedelta(seconds=3))
    assert [asked.query["start"] for asked in platform.asked] == ["0", "50"]


def test_linkedin_knows_the_organization_by_name(platform, organization):
    platform.says({"elements": [{"organization": ORGANIZATION, "role": "ADMINISTRATOR"}]}, {"localizedName": "Groupe Exemple"})
    assert linkedin.identity(organization) == "Groupe Exemple"
    assert [asked.path for asked in platform.asked] == ["/rest/organizationAcls", "/rest/organizations/77001100"]


@pytest.mark.parametrize("others", [[], [{"organization": "urn:li:organization:77001101", "role": "ADMINISTRATOR"}]])
def test_a_member_without_a_role_cannot_connect_an_organization_of_linkedin(platform, organization, others):
    platform.says({"elements": others}, {"localizedName": "Groupe Exemple"})
    with pytest.raises(SendRefused) as refused:
        linkedin.identity(organization)
    assert refused.value.reason is Reason.PERMISSION


@pytest.mark.parametrize(
    ("status", "data", "reason"),
    [
        (400, {"code": "MISSING_FIELD"}, Reason.INVALID),
        (400, {"code": "INVALID_URN_TYPE"}, Reason.INVALID),
        (400, {"code": "INVALID_VALUE_FOR_FIELD"}, Reason.INVALID),
        (400, {"code": "VERSION_MISSING"}, Reason.OUTDATED),
        (400, {"code": "FIELD_LENGTH_TOO_LONG"}, Reason.TOO_LONG),
        (401, {"message": "The token has been revoked"}, Reason.TOKEN_DEAD),
        (403, {"code": "ACCESS_DENIED"}, Reason.PERMISSION),
        (404, {}, Reason.GONE),
        (422, {}, Reason.INVALID),
        (426, {"code": "NONEXISTENT_VERSION"}, Reason.OUTDATED),
        (426, {}, Reason.OUTDATED),
    ],
)
def test_what_linkedin_refuses_is_known_by_its_status(platform, organization, status, data, reason):
    platform.says(Saying(data, status))
    with pytest.raises(SendRefused) as caught:
        linkedin.send(TO_LINKEDIN, organization)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("status", "message", "reason", "pause"),
    [
        (429, "Comment create throttled: creation rate limit exceeded for member", Reason.THROTTLED, timedelta(minutes=1)),
        # The server's clock says 17:00:05; quotas of the day are given anew at midnight UTC.
        (
            429,
            "Resource level throttle limit for calls to this resource is reached.",
            Reason.THROTTLED,
            timedelta(hours=6, minutes=59, seconds=55),
        ),
        (429, "", Reason.THROTTLED, timedelta(minutes=1)),
    ],
)
def test_what_linkedin_puts_off_is_tried_again_later(platform, organization, status, message, reason, pause):
    platform.says(Saying({"message": message}, status))
    with pytest.raises(SendNotReached) as caught:
        linkedin.send(TO_LINKEDIN, organization)
    assert (caught.value.reason, caught.value.retry_after) == (reason, pause)


def test_linkedin_has_no_messages(platform, organization):
    for message in (MESSAGE, replace(TO_LINKEDIN, private_to=URN)):
        with pytest.raises(SendRefused) as caught:
            linkedin.send(message, organization)
        assert caught.value.reason == Reason.NOT_ALLOWED
    assert platform.asked == []


# --- names of people ---------------------------------------------------------------------------------

NAMES = [
    ("facebook", "7011", {"first_name": "Julie", "last_name": "Tremblay"}, "Julie Tremblay", "/v26.0/7011"),
    ("facebook", "7011", {"first_name": "Julie"}, "Julie", "/v26.0/7011"),
    ("instagram", "6841", {"name": "Julie T", "username": "julie.t"}, "Julie T", "/v26.0/6841"),
    ("instagram", "6841", {"name": None, "username": "julie.t"}, "julie.t", "/v26.0/6841"),
    (
        "linkedin",
        "urn:li:person:Xy12",
        {"localizedFirstName": "Julie", "localizedLastName": "T"},
        "Julie T",
        "/rest/people/(id:Xy12)",
    ),
    ("linkedin", "urn:li:person:Xy12", {"id": "private"}, "", "/rest/people/(id:Xy12)"),
    ("linkedin", "urn:li:organization:9", {"localizedName": "Exemple inc."}, "Exemple inc.", "/rest/organizations/9"),
]


@pytest.mark.parametrize(("slug", "person", "data", "name", "path"), NAMES)
def test_a_person_is_called_what_the_platform_calls_them(platform, page, slug, person, data, name, path):
    platform.says(data)
    assert platforms.get(slug).name_of(person, page) == name
    assert platform.asked[0].path == path


WITHHELD = [(100, 33), (230, None), (2018218, None), (2018247, None), (10, None)]


@pytest.mark.parametrize(("code", "subcode"), WITHHELD)
@pytest.mark.parametrize(("slug", "field"), [("facebook", "name"), ("instagram", "username")])
def test_a_person_whose_profile_is_withheld_is_named_by_the_thread(platform, page, slug, field, code, subcode):
    people = [{"id": PAGE, field: "pharmacie"}, {"id": "7011", field: "Julie Tremblay"}]
    refused = Saying({"error": {"code": code, "error_subcode": subcode, "message": "no"}}, 400)
    platform.says(refused, {"data": [{"id": "t_1", "participants": {"data": people}}]})
    assert platforms.get(slug).name_of("7011", page) == "Julie Tremblay"
    assert platform.asked[1].query["user_id"] == "7011"


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_a_person_who_is_named_nowhere_has_no_name(platform, page, slug):
    platform.says(Saying({"error": {"code": 230, "message": "no"}}, 400), {"data": []})
    assert platforms.get(slug).name_of("7011", page) == ""


def test_a_person_known_by_their_name_alone_is_not_asked_for(platform, account):
    assert instagram.name_of("@julie.t", account) == "julie.t"
    assert platform.asked == []


def test_a_dead_token_is_not_taken_for_a_withheld_profile(platform, page):
    platform.says(Saying({"error": {"code": 190, "message": "no"}}, 400))
    with pytest.raises(SendRefused):
        facebook.name_of("7011", page)
    assert len(platform.asked) == 1


# --- all of them -------------------------------------------------------------------------------------

SENDS = [("facebook", COMMENT), ("facebook", MESSAGE), ("instagram", COMMENT), ("instagram", MESSAGE), ("linkedin", TO_LINKEDIN)]
IDS = [f"{slug} {message.kind}" for slug, message in SENDS]


@pytest.mark.parametrize(("slug", "message"), SENDS, ids=IDS)
@pytest.mark.parametrize(
    "saying", [Saying(status=500), Saying(raw=b"<html>"), Saying(cut=True), Saying({})], ids=["500", "html", "cut", "no id"]
)
def test_no_connector_calls_sent_or_refused_what_may_be_out(platform, page, slug, message, saying):
    platform.says(saying)
    with pytest.raises(SendUncertain):
        platforms.get(slug).send(message, page)
    assert len(platform.asked) == 1


@pytest.mark.parametrize(("slug", "message"), SENDS, ids=IDS)
def test_what_is_not_listed_is_not_there(platform, page, slug, message):
    platform.says({"data": [], "elements": [], "user_id": page.external_id})
    assert platforms.get(slug).find_sent(message, page, NOON) is None


@pytest.mark.parametrize(("slug", "message"), SENDS, ids=IDS)
def test_a_platform_that_cannot_be_asked_is_not_one_that_knows_nothing(platform, page, slug, message):
    platform.says(Saying(status=500))
    with pytest.raises(SendNotReached):
        platforms.get(slug).find_sent(message, page, NOON)


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_a_private_reply_is_not_looked_up_in_threads_of_others(platform, page, slug):
    with pytest.raises(SendRefused):
        platforms.get(slug).find_sent(PRIVATE, page, NOON)
    assert platform.asked == []


@pytest.mark.parametrize("slug", ["facebook", "instagram", "linkedin"])
def test_a_dead_token_is_found_out_by_asking_who_we_are(platform, page, slug):
    platform.says(Saying({"error": {"code": 190, "message": "no"}, "message": "no"}, 401))
    with pytest.raises(SendRefused) as caught:
        platforms.get(slug).identity(page)
    assert caught.value.reason == Reason.TOKEN_DEAD


LIMITS = [
    ("facebook", COMMENT, "x", 8000),
    ("facebook", MESSAGE, "é", 2000),
    ("facebook", PRIVATE, "é", 2000),
    ("instagram", COMMENT, "é", 2200),
    ("instagram", MESSAGE, "é", 500),  # 1000 bytes
    ("instagram", PRIVATE, "x", 1000),
    ("linkedin", TO_LINKEDIN, "é", 1250),
]


@pytest.mark.parametrize(("slug", "message", "letter", "most"), LIMITS)
def test_a_text_of_just_the_limit_is_sent_and_one_letter_more_is_not(platform, page, slug, message, letter, most):
    platform.says(Saying({"id": "1", "message_id": "1", "commentUrn": "1"}, 200))
    platforms.get(slug).send(replace(message, text=letter * most), page)
    with pytest.raises(SendRefused) as caught:
        platforms.get(slug).send(replace(message, text=letter * (most + 1)), page)
    assert caught.value.reason == Reason.TOO_LONG
    assert len(platform.asked) == 1


# --- windows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
@pytest.mark.parametrize(
    ("passed", "state", "closes_after"),
    [
        (timedelta(0), WindowState.OPEN, 24 * HOUR),
        (24 * HOUR - MICROSECOND, WindowState.OPEN, 24 * HOUR),
        (24 * HOUR, WindowState.HUMAN_AGENT, 7 * DAY),
        (7 * DAY - MICROSECOND, WindowState.HUMAN_AGENT, 7 * DAY),
        (7 * DAY, WindowState.CLOSED, None),
        (365 * DAY, WindowState.CLOSED, None),
    ],
)
def test_messages_are_open_for_a_day_and_for_people_a_week(slug, passed, state, closes_after):
    found = platforms.get(slug).window(Kind.MESSAGE, NOON, NOON + passed)
    assert (found.state, found.closes_at) == (state, NOON + closes_after if closes_after else None)


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_nobody_may_write_to_a_person_who_never_wrote(slug):
    assert platforms.get(slug).window(Kind.MESSAGE, None, NOON).state == WindowState.CLOSED


@pytest.mark.parametrize("slug", ["facebook", "instagram", "linkedin"])
@pytest.mark.parametrize("last", [None, NOON - 1000 * DAY])
def test_comments_are_always_open(slug, last):
    found = platforms.get(slug).window(Kind.COMMENT, last, NOON)
    assert (found.state, found.closes_at) == (WindowState.OPEN, None)


def test_linkedin_messages_are_never_open():
    assert linkedin.window(Kind.MESSAGE, NOON, NOON).state == WindowState.CLOSED


def test_private_replies_are_metas():
    assert [connector.slug for connector in platforms.connectors() if connector.allows_private_reply()] == [
        "facebook",
        "instagram",
    ]


def test_meta_takes_so_many_an_hour_from_a_page_and_counts_none_under_a_live_video():
    told = {each.slug: (each.private_an_hour, set(each.private_uncounted)) for each in platforms.connectors()}

    assert {slug: each for slug, each in told.items() if each != (None, set())} == {
        "facebook": (750, set()),
        "instagram": (750, {"live"}),
    }


@pytest.mark.parametrize(("slug", "own"), [("facebook", PAGE), ("instagram", ITSELF["id"])])
def test_metas_threads_are_read_by_two_calls_a_second_at_most_whatever_they_are_read_for(platform, slug, own):
    rests: list[float] = []
    meter = Meter(rest=rests.append)
    connector, channel = platforms.get(slug), ACCOUNT if slug == "instagram" else PAGE
    connection = Connection(channel, "token", platform.url, "v26.0", meter=meter)
    thread = {"participants": {"data": [{"id": MESSAGE.thread, "name": "Julie", "username": "julie.t"}]}}

    def answer(asked):
        if asked.path.endswith("/conversations"):
            return Saying({"data": [thread]})
        return Saying(ITSELF) if slug == "instagram" and asked.path.endswith("/me") else Saying({"id": own})

    platform.says(answer)
    assert connector.name_of(MESSAGE.thread, connection) in {"Julie", "julie.t"}
    assert rests == []
    connector.find_sent(MESSAGE, connection, NOON)
    connector.name_of(MESSAGE.thread, connection)

    assert rests == [0.5, 0.5]
    assert len([each for each in platform.asked if each.path.endswith("/conversations")]) == 3


def test_facebook_does_not_take_the_token_of_another_page_for_this_ones(platform, page):
    platform.says({"id": "999", "name": "Une autre page"})
    with pytest.raises(SendRefused) as caught:
        facebook.identity(page)
    assert caught.value.reason == Reason.PERMISSION


@pytest.mark.parametrize(
    ("slug", "person", "said", "name"),
    [
        ("facebook", "7011", {"first_name": "Julie", "last_name": "Exemple", "id": "7011"}, "Julie Exemple"),
        ("facebook", "7011", {"first_name": "Julie"}, "Julie"),
        ("instagram", "8011", {"name": "Julie Exemple", "username": "julie.ex"}, "Julie Exemple"),
        ("instagram", "8011", {"username": "julie.ex"}, "julie.ex"),
        ("linkedin", "urn:li:person:abc", {"localizedFirstName": "Julie", "localizedLastName": "Exemple"}, "Julie Exemple"),
        ("linkedin", "urn:li:person:abc", {"id": "private"}, ""),
        ("linkedin", "urn:li:organization:5", {"localizedName": "Groupe Exemple"}, "Groupe Exemple"),
    ],
)
def test_the_platform_is_asked_how_a_person_is_called(platform, page, slug, person, said, name):
    platform.says(said)
    assert platforms.get(slug).name_of(person, page) == name
