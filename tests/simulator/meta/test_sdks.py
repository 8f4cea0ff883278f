"""Meta's own SDK and pyfacebook, which none of us wrote, against the running simulator: what they cannot read is our fault."""

import warnings

import pytest

from simulator import signing
from tests.simulator.calls import (
    FACEBOOK,
    FACEBOOK_TOKEN,
    INSTAGRAM,
    INSTAGRAM_TOKEN,
    MEDIA,
    MOULIN,
    POST,
    send,
)
from tests.simulator.meta.logging_in import APP, APP_TOKEN, BACK, SECRET, dialog, long_token, user_token

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what their own imports warn of
    from facebook_business.adobjects.comment import Comment
    from facebook_business.adobjects.igcomment import IGComment
    from facebook_business.adobjects.igmedia import IGMedia
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.adobjects.page import Page
    from facebook_business.adobjects.pagepost import PagePost
    from facebook_business.adobjects.unifiedthread import UnifiedThread
    from facebook_business.adobjects.user import User
    from facebook_business.api import FacebookAdsApi
    from facebook_business.exceptions import FacebookRequestError
    from facebook_business.session import FacebookSession
    from pyfacebook import FacebookApi, FacebookError, GraphAPI, IGBusinessApi

# Meta's SDK warns of whatever its own lists of fields and types have forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


# --- facebook-business ---------------------------------------------------------------------------


@pytest.fixture
def meta_sdk(fresh):
    """api_for(token) → Meta's SDK as that token, with its proof of the app's secret, and its own address of Graph changed."""
    opened = []

    def api_for(token, secret=SECRET):
        session = FacebookSession(APP, secret, token)
        session.GRAPH = fresh.url
        session.requests.trust_env = False
        session.requests.verify = False
        opened.append(session.requests)
        return FacebookAdsApi(session, api_version="v26.0")

    yield api_for
    for each in opened:
        each.close()


@pytest.fixture
def api(fresh, meta_sdk):
    fresh.configure(require_proof=True)
    return meta_sdk(FACEBOOK_TOKEN)


def test_meta_a_comment_is_posted_listed_with_paging_hidden_liked_and_deleted(fresh, api):
    asked = [fresh.comment(FACEBOOK, f"Question {number}")["id"] for number in range(7)]
    answer = Comment(asked[0], api=api).create_comment(params={"message": "Oui, jusqu’à 21 h."})
    cursor = PagePost(POST, api=api).get_comments(
        fields=["id", "message", "from", "created_time"], params={"limit": 3, "order": "chronological"}
    )

    assert [each["id"] for each in cursor] == asked
    assert [each["id"] for each in Comment(asked[0], api=api).get_comments()] == [answer["id"]]
    Comment(asked[1], api=api).api_update(params={"is_hidden": True})
    Comment(asked[1], api=api).create_like()
    shown = Comment(asked[1], api=api).api_get(fields=["is_hidden", "like_count", "user_likes", "can_reply_privately"])
    assert (shown["is_hidden"], shown["like_count"], shown["user_likes"]) == (True, 1, True)
    Comment(asked[1], api=api).delete_likes()
    Comment(answer["id"], api=api).api_update(params={"message": "Oui, jusqu’à 20 h."})
    assert [each["text"] for each in fresh.replies(comment=asked[0])] == ["Oui, jusqu’à 20 h."]
    Comment(answer["id"], api=api).api_delete()
    assert fresh.replies(comment=asked[0]) == []


def test_meta_a_refusal_has_its_code_subcode_and_transience(fresh, api):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    told = []
    for kind, value in (("refuse", "10/2018278"), ("error_after_accept", ""), ("throttle_pages", "")):
        fresh.fault(kind, value=value, count=1)
        with pytest.raises(FacebookRequestError) as refused:
            Comment(comment, api=api).create_comment(params={"message": "Non"})
        error = refused.value
        told.append((error.api_error_code(), error.api_error_subcode(), error.api_transient_error()))

    assert told == [(10, 2018278, False), (1, None, True), (80001, None, False)]
    assert '"estimated_time_to_regain_access":12' in error.http_headers()["X-Business-Use-Case-Usage"]


def test_meta_without_the_proof_an_app_that_wants_it_is_refused(fresh, meta_sdk):
    fresh.configure(require_proof=True)

    with pytest.raises(FacebookRequestError) as refused:
        Page("me", api=meta_sdk(FACEBOOK_TOKEN, secret=None)).api_get()
    assert refused.value.api_error_code() == 100
    assert "appsecret_proof" in refused.value.api_error_message()


def test_meta_messages_threads_and_who_owns_them(fresh, api):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    page = Page(FACEBOOK, api=api)
    sent = page.create_message(
        params={"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": {"text": "Bonjour Julie"}}
    )
    [thread] = page.get_conversations(fields=["id", "participants", "unread_count"], params={"platform": "messenger"})
    messages = UnifiedThread(thread["id"], api=api).get_messages(fields=["message", "from", "created_time"])

    assert [each["message"] for each in messages] == ["Bonjour Julie", "Bonjour"]
    assert thread["unread_count"] == 0
    assert sent["recipient_id"] == person
    fresh.take_thread(FACEBOOK)
    [owner] = page.get_thread_owner(params={"recipient": person})
    assert owner["thread_owner"]["app_id"] == "263902037430900"
    page.create_take_thread_control(params={"recipient": {"id": person}})
    [owner] = page.get_thread_owner(params={"recipient": person})
    assert owner["thread_owner"]["app_id"] == APP
    page.create_release_thread_control(params={"recipient": {"id": person}})
    assert list(page.get_thread_owner(params={"recipient": person})) == []


def test_meta_posts_ratings_and_subscriptions(fresh, api):
    fresh.review(FACEBOOK, "Service rapide", recommends=True)
    fresh.publish(FACEBOOK, "Horaires ?", author="Julie Exemple", kind="visitor")
    page = Page(FACEBOOK, api=api)

    [rating] = page.get_ratings(fields=["recommendation_type", "review_text", "reviewer", "open_graph_story", "has_review"])
    assert (rating["recommendation_type"], rating["review_text"]) == ("positive", "Service rapide")
    assert rating["reviewer"]["name"] == "Julie Exemple"
    assert len(list(page.get_published_posts(params={"limit": 2}))) == 3
    assert len(page.get_feed()) == 4
    assert [each["message"] for each in page.get_visitor_posts()] == ["Horaires ?"]
    page.create_subscribed_app(params={"subscribed_fields": ["feed", "messages"]})
    [app] = page.get_subscribed_apps()
    assert app["subscribed_fields"] == ["feed", "messages"]
    page.delete_subscribed_apps()
    assert list(page.get_subscribed_apps()) == []


def test_meta_a_batch_answers_each_call_on_its_own(fresh, api):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    told, failed = [], []
    batch = api.new_batch()
    for path in (comment, "900101_1", FACEBOOK):
        batch.add("GET", (path,), params={"fields": "id"}, success=told.append, failure=failed.append)
    batch.add("POST", (comment, "comments"), params={"message": "En lot"}, success=told.append)

    assert batch.execute() is None
    assert [each.json()["id"] for each in told[:2]] == [comment, FACEBOOK]
    assert [each.error().api_error_subcode() for each in failed] == [33]
    assert [each["text"] for each in fresh.replies(comment=comment)] == ["En lot"]


def test_meta_a_persons_token_lists_pages_with_their_keys(fresh, meta_sdk):
    api = meta_sdk(long_token(fresh, user_token(fresh, pages=[FACEBOOK, MOULIN])))
    pages = list(User("me", api=api).get_accounts(fields=["id", "access_token", "tasks", "instagram_business_account"]))

    assert [page["id"] for page in pages] == [FACEBOOK, MOULIN]
    own = Page(FACEBOOK, api=meta_sdk(pages[0]["access_token"])).api_get(fields=["name", "username"])
    assert own["name"] == "Pharmacie du Vieux-Quai"


def test_meta_instagram_comments_are_answered_hidden_and_deleted(fresh, meta_sdk):
    api = meta_sdk(INSTAGRAM_TOKEN)
    asked = [fresh.comment(INSTAGRAM, f"Prix {number} ?", post=MEDIA)["id"] for number in range(3)]
    answer = IGComment(asked[0], api=api).create_reply(params={"message": "Gratuit"})

    media = IGUser(INSTAGRAM, api=api).get_media(fields=["id", "comments_count"])
    assert [each["comments_count"] for each in media if each["id"] == MEDIA] == [4]
    listed = IGMedia(MEDIA, api=api).get_comments(fields=["id", "text", "username"], params={"limit": 2})
    assert [each["id"] for each in listed] == [*reversed(asked)]
    assert [each["id"] for each in IGComment(asked[0], api=api).get_replies()] == [answer["id"]]
    IGComment(asked[1], api=api).api_update(params={"hide": True})
    assert IGComment(asked[1], api=api).api_get(fields=["hidden"])["hidden"] is True
    IGComment(asked[1], api=api).api_delete()
    with pytest.raises(FacebookRequestError) as gone:
        IGComment(asked[1], api=api).api_get()
    assert (gone.value.api_error_code(), gone.value.api_error_subcode()) == (100, 33)


def test_meta_an_account_behind_a_page_is_used_with_the_pages_key(fresh, meta_sdk):
    fresh.create_page(
        "instagram",
        "17841400000000599",
        name="Derrière",
        username="derriere",
        token="unused",
        extra={"product": "facebook_login", "page": FACEBOOK},
    )
    api = meta_sdk(FACEBOOK_TOKEN)
    post = fresh.publish("17841400000000599", "Ailleurs", author="marc_fictif", kind="mention", silent=True)["id"]
    named = fresh.comment("17841400000000599", "Voyez @derriere", post=post, author="marc_fictif")["id"]

    shown = IGUser("17841400000000599", api=api).api_get(fields=[f"mentioned_comment.comment_id({named}){{text,username}}"])
    assert shown["mentioned_comment"]["text"] == "Voyez @derriere"
    answer = IGUser("17841400000000599", api=api).create_mention(
        params={"media_id": post, "comment_id": named, "message": "Merci"}
    )
    assert answer["id"]


# --- pyfacebook ----------------------------------------------------------------------------------


@pytest.fixture
def facebook(fresh):
    client = FacebookApi(access_token=FACEBOOK_TOKEN, app_secret=SECRET, base_url=f"{fresh.url}/", version="v26.0")
    client.session.trust_env = False
    yield client
    client.session.close()


@pytest.fixture
def instagram(fresh):
    client = IGBusinessApi(
        access_token=INSTAGRAM_TOKEN, instagram_business_id=INSTAGRAM, base_url=f"{fresh.url}/", version="v26.0"
    )
    client.session.trust_env = False
    yield client
    client.session.close()


def test_pyfacebook_reads_the_page_its_posts_and_all_their_comments(fresh, facebook):
    asked = [fresh.comment(FACEBOOK, f"Question {number}")["id"] for number in range(5)]

    page = facebook.page.get_info(page_id=FACEBOOK)
    posts = facebook.page.get_published_posts(object_id=FACEBOOK, count=None)
    comments = facebook.post.get_comments(object_id=POST, count=None, limit=2, summary=True)

    assert (page.name, page.username) == ("Pharmacie du Vieux-Quai", "pharmacieduvieuxquai")
    assert POST in {post.id for post in posts.data}
    assert [comment.id for comment in comments.data] == asked
    assert comments.summary.total_count == 5
    assert facebook.comment.get_info(comment_id=asked[0]).message == "Question 0"


def test_pyfacebook_counts_comments_and_reactions_of_a_post(fresh, facebook):
    fresh.comment(FACEBOOK, "Bonjour")
    fresh.react_to_post(FACEBOOK, POST, "love", author="Julie Exemple")
    fresh.react_to_post(FACEBOOK, POST, "like", author="Marc Fictif")

    fields = "id,comments.filter(stream).summary(true).limit(0),reactions.summary(true).limit(0)"
    fields += ",reactions.type(LOVE).limit(0).summary(total_count).as(love)"
    post = facebook.get_object(object_id=POST, fields=fields)

    counts = [post[name]["summary"]["total_count"] for name in ("comments", "reactions", "love")]
    assert counts == [1, 2, 1]


def test_pyfacebook_posts_likes_and_deletes(fresh, facebook):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    written = facebook.post_object(object_id=comment, connection="comments", data={"message": "Oui"})

    assert [each["id"] for each in fresh.replies(comment=comment)] == [written["id"]]
    assert facebook.comment.creat_like(object_id=comment) == {"success": True}
    assert facebook.comment.delete_like(object_id=comment) == {"success": True}
    assert facebook.delete_object(object_id=written["id"]) == {"success": True}
    with pytest.raises(FacebookError) as gone:
        facebook.comment.get_info(comment_id=written["id"])
    assert (gone.value.code, gone.value.error_subcode) == (100, 33)


def test_pyfacebook_reads_threads_and_messages(fresh, facebook):
    person = fresh.message(FACEBOOK, attachments=[{"type": "image", "url": "https://example.com/i.png"}])["person"]
    send(fresh, {"id": person}, "Merci")
    [thread] = facebook.get_connection(object_id=FACEBOOK, connection="conversations")["data"]

    conversation = facebook.conversation.get_info(conversation_id=thread["id"])
    assert (conversation.message_count, conversation.snippet) == (2, "Merci")
    listed = facebook.get_connection(object_id=thread["id"], connection="messages", fields="id")["data"]
    message = facebook.message.get_info(message_id=listed[1]["id"], fields="id,created_time,from,to,message,attachments")
    assert message.attachments.data[0].image_data.url == "https://example.com/i.png"
    assert message.to.data[0].id == FACEBOOK


def test_pyfacebook_understands_what_of_the_quota_is_gone(fresh, facebook):
    facebook.page.get_info(page_id=FACEBOOK)

    assert facebook.rate_limit.get_limit().call_count == 3
    assert facebook.rate_limit.get_limit(object_id=FACEBOOK, rate_limit_type="pages").call_count == 3


def test_pyfacebook_goes_from_the_dialog_to_the_key_of_a_page(fresh, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "*")
    graph = GraphAPI(
        app_id=APP,
        app_secret=SECRET,
        oauth_flow=True,
        base_url=f"{fresh.url}/",
        authorization_url=f"{fresh.url}/dialog/oauth",
        access_token_url=f"{fresh.url}/oauth/access_token",
        redirect_uri=BACK,
        scope=["pages_show_list", "pages_messaging"],
        state="s-1",
        version="v26.0",
    )
    graph.session.trust_env = False
    address, _ = graph.get_authorization_url()
    assert address.startswith(f"{fresh.url}/dialog/oauth?")

    went = dialog(fresh, scope="pages_show_list,pages_messaging", pages=[FACEBOOK])
    token = graph.exchange_user_access_token(response=went.went_to.removesuffix("#_=_"))["access_token"]
    long = graph.exchange_long_lived_user_access_token(access_token=token)["access_token"]
    key = graph.exchange_page_access_token(page_id=FACEBOOK, access_token=long)
    told = graph.debug_token(input_token=key, access_token=APP_TOKEN)["data"]
    graph.session.close()

    assert (told["type"], told["is_valid"], told["profile_id"]) == ("PAGE", True, FACEBOOK)
    assert told["scopes"] == ["pages_show_list", "pages_messaging"]


def test_pyfacebook_reads_instagram_media_comments_and_replies(fresh, instagram):
    root = fresh.comment(INSTAGRAM, "Quel est le prix ?", post=MEDIA, author="julie.exemple")["id"]
    reply = fresh.comment(INSTAGRAM, "Moi aussi", parent=root, author="marc_fictif")["id"]

    user = instagram.user.get_info()
    media = instagram.user.get_media(count=None)
    comments = instagram.media.get_comments(media_id=MEDIA, count=None)
    replies = instagram.comment.get_replies(comment_id=root)

    assert user.username == "pharmacie.vieux.quai"
    assert MEDIA in {each.id for each in media.data}
    assert [(each.id, each.username) for each in comments.data] == [(root, "julie.exemple")]
    assert [each.id for each in replies.data] == [reply]


def test_what_both_prove_of_the_secret_is_what_we_expect():
    session = FacebookSession(APP, SECRET, FACEBOOK_TOKEN)

    assert session.appsecret_proof == signing.appsecret_proof(SECRET, FACEBOOK_TOKEN)
    assert GraphAPI._generate_secret_proof(FACEBOOK_TOKEN, SECRET) == session.appsecret_proof
