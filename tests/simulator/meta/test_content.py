"""What people do on a page beside commenting, and what the page can do about it."""

from datetime import UTC, datetime, timedelta

from simulator import signing
from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, MEDIA, POST, error, graph, reply, send

AT = datetime(2026, 11, 20, 15, 30, 12, tzinfo=UTC)
BEHIND = "17841400000000599"


def behind(sim):
    """An Instagram account that is used with the key of its Facebook page."""
    extra = {"product": "facebook_login", "page": FACEBOOK}
    sim.create_page("instagram", BEHIND, name="Derrière", username="derriere", token="unused", extra=extra)
    return BEHIND


def test_a_rating_is_told_edited_and_removed_and_can_be_commented(fresh, sink, drained):
    rating = fresh.review(FACEBOOK, "Service rapide", recommends=True, at=AT)["id"]
    fresh.edit_review(rating, "Service lent", recommends=False)
    answer = graph(fresh, "POST", f"{rating}/comments", data={"message": "Désolés"}).json()["id"]
    fresh.remove_review(rating)
    drained()

    added, edited, comment, removed = sink.values()
    assert added == {
        "item": "rating",
        "verb": "add",
        "open_graph_story_id": rating,
        "created_time": int(AT.timestamp()),
        "comment_id": None,
        "reviewer_id": added["reviewer_id"],
        "reviewer_name": "Julie Exemple",
        "review_text": "Service rapide",
        "recommendation_type": "POSITIVE",
    }
    assert (edited["verb"], edited["recommendation_type"], edited["review_text"]) == ("edit", "NEGATIVE", "Service lent")
    assert (comment["item"], comment["comment_id"], comment["post_id"]) == ("comment", answer, rating)
    assert {"review_text", "recommendation_type", "reviewer_name"} & set(removed) == set()
    fields = {change["field"] for each in sink.received for entry in each.json["entry"] for change in entry["changes"]}
    assert fields == {"ratings"}


def test_ratings_are_listed_with_those_who_are_named(fresh):
    fresh.review(FACEBOOK, "Bien", recommends=True)
    fields = "created_time,recommendation_type,review_text,reviewer,open_graph_story"
    [shown] = graph(fresh, "GET", f"{FACEBOOK}/ratings", params={"fields": fields}).json()["data"]

    assert (shown["recommendation_type"], shown["review_text"], shown["reviewer"]["name"]) == (
        "positive",
        "Bien",
        "Julie Exemple",
    )
    fresh.configure(profile_access=False)
    [shown] = graph(fresh, "GET", f"{FACEBOOK}/ratings", params={"fields": fields}).json()["data"]
    assert "reviewer" not in shown


def test_a_visitors_post_is_told_listed_answered_and_answered_in_private(fresh, sink, drained):
    post = fresh.publish(FACEBOOK, "Horaires du samedi ?", author="Julie Exemple", kind="visitor")["id"]
    drained()
    [value] = sink.values()

    assert (value["item"], value["verb"], value["is_hidden"], value["from"]["name"]) == ("post", "add", False, "Julie Exemple")
    assert post not in {each["id"] for each in graph(fresh, "GET", f"{FACEBOOK}/published_posts").json()["data"]}
    assert post in {each["id"] for each in graph(fresh, "GET", f"{FACEBOOK}/feed").json()["data"]}
    assert graph(fresh, "POST", f"{post}/comments", data={"message": "De 9 h à 17 h"}).ok
    assert send(fresh, {"post_id": post}).json()["recipient_id"] == value["from"]["id"]
    assert error(send(fresh, {"post_id": post})) == (10900, None)


def test_a_mention_tells_hardly_more_than_where(fresh, sink, drained):
    post = fresh.publish(FACEBOOK, "Bravo @Pharmacie", author="Julie Exemple", kind="mention")["id"]
    comment = fresh.comment(FACEBOOK, "Voyez aussi", post=post)["id"]
    drained()

    first, second = sink.values()
    assert set(first) == {"message", "post_id", "created_time", "item", "verb"}
    assert (second["item"], second["comment_id"], "from" in second) == ("comment", comment, False)
    assert post in {each["id"] for each in graph(fresh, "GET", f"{FACEBOOK}/tagged").json()["data"]}


def test_comments_on_an_advertisement_come_though_the_advertisement_does_not(fresh, sink, drained):
    ad = fresh.publish(FACEBOOK, "Vaccins", kind="ad")["id"]
    fresh.comment(FACEBOOK, "Combien ?", post=ad)
    drained()

    [value] = sink.values()
    assert (value["post"]["is_published"], value["post"]["promotion_status"]) == (False, "active")


def test_what_the_page_publishes_is_a_status_a_photo_or_not_out_yet(fresh, sink, drained):
    fresh.publish(FACEBOOK, "Ouvert")
    fresh.publish(FACEBOOK, "Photo", extra={"photo": "https://example.com/p.jpg"})
    fresh.publish(FACEBOOK, "Plus tard", extra={"scheduled": True})
    status = fresh.publish(FACEBOOK, "Retirée", silent=True)["id"]
    fresh.remove_post(status)
    drained()

    status, photo, scheduled, removed = sink.values()
    assert [each["item"] for each in (status, photo, scheduled, removed)] == ["status", "photo", "status", "post"]
    assert (status["published"], scheduled["published"], removed["verb"]) == (1, 0, "remove")


def test_reactions_of_people_are_told_and_counted_and_the_pages_own_likes_are_not_told(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.react_to_post(FACEBOOK, POST, "love", author="Marc Fictif")
    fresh.react_to_post(FACEBOOK, POST, "", author="Marc Fictif")
    fresh.like_page(FACEBOOK)
    graph(fresh, "POST", f"{comment}/likes")
    graph(fresh, "POST", f"{comment}/likes")
    drained()

    assert [(value["item"], value["verb"]) for value in sink.values()[1:]] == [
        ("reaction", "add"),
        ("reaction", "remove"),
        ("like", "add"),
    ]
    shown = graph(fresh, "GET", comment, params={"fields": "like_count,user_likes"}).json()
    assert (shown["like_count"], shown["user_likes"]) == (1, True)
    graph(fresh, "DELETE", f"{comment}/likes")
    assert graph(fresh, "GET", comment, params={"fields": "user_likes"}).json()["user_likes"] is False


def test_a_page_hides_shows_and_deletes_a_persons_comment_but_hides_none_of_its_own(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    own = reply(fresh, comment).json()["id"]

    assert graph(fresh, "POST", comment, data={"is_hidden": "true"}).json() == {"success": True}
    assert graph(fresh, "POST", comment, data={"is_hidden": "false"}).json() == {"success": True}
    assert error(graph(fresh, "POST", own, data={"is_hidden": "true"})) == (200, None)
    assert graph(fresh, "DELETE", comment).json() == {"success": True}
    drained()
    assert [value["verb"] for value in sink.values()] == ["add", "add", "hide", "unhide", "remove"]
    assert error(graph(fresh, "GET", comment)) == (100, 33)


def test_an_answer_to_an_answer_goes_under_the_root_or_is_refused(fresh):
    root = fresh.comment(FACEBOOK, "Bonjour")["id"]
    nested = fresh.comment(FACEBOOK, "Moi aussi", parent=root)["id"]

    written = reply(fresh, nested).json()["id"]
    assert graph(fresh, "GET", written, params={"fields": "parent{id}"}).json()["parent"]["id"] == root
    fresh.configure(facebook_depth="refuse")
    assert error(reply(fresh, nested)) == (1705, None)


def test_people_are_nameless_for_an_app_without_the_feature(fresh, sink, drained):
    fresh.configure(profile_access=False)
    comment = fresh.comment(FACEBOOK, "Qui suis-je ?")["id"]
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    drained()

    assert "from" not in sink.values()[0]
    assert "from" not in graph(fresh, "GET", comment).json()
    assert error(graph(fresh, "GET", person)) == (100, 33)
    [thread] = graph(fresh, "GET", f"{FACEBOOK}/conversations", params={"user_id": person, "fields": "participants"}).json()[
        "data"
    ]
    assert thread["participants"]["data"][0]["name"] == "Julie Exemple"


def test_instagram_tells_of_live_advertisements_and_reels_which_they_are(fresh, sink, drained):
    for kind in ("live", "ad", "reel"):
        post = fresh.publish(INSTAGRAM, "Vaccins", kind=kind, silent=True)["id"]
        fresh.comment(INSTAGRAM, "Allo", post=post)
    drained()

    fields = [entry["changes"][0]["field"] for each in sink.received for entry in each.json["entry"]]
    assert fields == ["live_comments", "comments", "comments"]
    live, ad, reel = (value["media"] for value in sink.values())
    assert [each["media_product_type"] for each in (live, ad, reel)] == ["LIVE", "AD", "REELS"]
    assert ad["ad_title"] == "Vaccins"


def test_a_live_comment_gets_a_private_reply_only_while_it_is_live_and_no_public_one(fresh):
    live = fresh.publish(INSTAGRAM, "En direct", kind="live", silent=True)["id"]
    first, second = (fresh.comment(INSTAGRAM, text, post=live)["id"] for text in ("un", "deux"))

    assert error(graph(fresh, "POST", f"{first}/replies", INSTAGRAM_TOKEN, data={"message": "Non"})) == (100, None)
    assert send(fresh, {"comment_id": first}, token=INSTAGRAM_TOKEN).ok
    fresh.end_live(live)
    assert error(send(fresh, {"comment_id": second}, token=INSTAGRAM_TOKEN)) == (100, 2534025)


def test_a_mention_on_instagram_is_ids_alone_with_facebook_login_and_a_comment_without(fresh, sink, drained):
    page = behind(fresh)
    elsewhere = fresh.publish(page, "Ailleurs", author="marc_fictif", kind="mention", silent=True)["id"]
    named = fresh.comment(page, "Voyez @derriere", post=elsewhere, author="marc_fictif")["id"]
    other = fresh.publish(INSTAGRAM, "Ailleurs", author="marc_fictif", kind="mention", silent=True)["id"]
    fresh.comment(INSTAGRAM, "Voyez", post=other, author="marc_fictif")
    drained()

    first, second = sink.values()
    assert first == {"media_id": elsewhere, "comment_id": named}
    assert second["text"] == "Voyez"
    fields = f"mentioned_comment.comment_id({named}){{text,username,timestamp}},mentioned_media.media_id({elsewhere}){{caption}}"
    shown = graph(fresh, "GET", page, params={"fields": fields}).json()
    assert shown["mentioned_comment"]["text"] == "Voyez @derriere"
    assert shown["mentioned_media"]["caption"] == "Ailleurs"
    answer = graph(fresh, "POST", f"{page}/mentions", data={"media_id": elsewhere, "comment_id": named, "message": "Merci"})
    assert [each["id"] for each in fresh.replies(page=page)] == [answer.json()["id"]]


def test_an_account_behind_a_page_is_signed_with_the_apps_own_secret_and_hears_what_its_page_hears(fresh, sink, drained):
    fresh.comment(behind(fresh), "Bonjour")
    drained()

    [received] = sink.received
    assert received.json["object"] == "instagram"
    assert received.headers["X-Hub-Signature-256"] == signing.meta("dev-meta-app-secret", received.body)["X-Hub-Signature-256"]
    sink.clear()
    graph(fresh, "DELETE", f"{FACEBOOK}/subscribed_apps", FACEBOOK_TOKEN)
    fresh.comment(BEHIND, "Silence")
    drained()
    assert sink.received == []


def test_comments_can_be_turned_off_on_a_media(fresh):
    assert graph(fresh, "POST", MEDIA, INSTAGRAM_TOKEN, data={"comment_enabled": "false"}).json() == {"success": True}

    refused = graph(fresh, "POST", f"{MEDIA}/comments", INSTAGRAM_TOKEN, data={"message": "Non"})
    assert error(refused) == (100, None)


def test_stories_vanish_after_a_day(fresh):
    fresh.publish(INSTAGRAM, "Hier", kind="story", silent=True, at=datetime.now(UTC) - timedelta(hours=25))
    story = fresh.publish(INSTAGRAM, "Maintenant", kind="story", silent=True)["id"]

    assert [each["id"] for each in graph(fresh, "GET", f"{INSTAGRAM}/stories", INSTAGRAM_TOKEN).json()["data"]] == [story]
