"""WordPress: comments that are polled, held until somebody approves them, and answered by an account."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.calls import ARTICLE, BLOG, BLOG_USER, http, wp

AT = datetime(2026, 11, 23, 10, 40, 12, tzinfo=UTC)
EDIT = "comments?context=edit&status=all"


def ids(answer):
    return [str(each["id"]) for each in answer.json()]


def write(fresh, text="Très utile !", **more):
    return fresh.comment(BLOG, text, post=ARTICLE, author="Julie Exemple", **more)["id"]


def test_a_comment_is_held_and_seen_only_by_who_moderates(fresh, sink, drained):
    comment = write(fresh, at=AT)
    drained()

    [shown] = wp(fresh, "GET", EDIT).json()
    assert sink.received == []
    assert {
        "id": int(comment),
        "post": int(ARTICLE),
        "parent": 0,
        "author": 0,
        "author_name": "Julie Exemple",
        "author_email": "julie.exemple@example.com",
        "date": "2026-11-23T05:40:12",
        "date_gmt": "2026-11-23T10:40:12",
        "status": "hold",
        "type": "comment",
        "link": f"{BLOG}/?p={ARTICLE}#comment-{comment}",
        "content": {"raw": "Très utile !", "rendered": "<p>Très utile&nbsp;!</p>\n"},
    }.items() <= shown.items()
    assert shown["_links"]["up"][0]["href"].endswith(f"/wp-json/wp/v2/posts/{ARTICLE}")
    assert ids(wp(fresh, "GET", "comments", "")) == []
    assert wp(fresh, "GET", f"comments/{comment}", "").json()["code"] == "rest_cannot_read"


def test_json_is_escaped_as_php_does(fresh):
    write(fresh)

    raw = wp(fresh, "GET", EDIT).text

    assert "Tr\\u00e8s" in raw
    assert "https:\\/\\/" in raw


@pytest.mark.parametrize(
    ("query", "user", "status", "code"),
    [
        ("context=edit", "", 401, "rest_forbidden_context"),
        ("status=hold", "", 401, "rest_forbidden_param"),
        ("context=edit", "comptoir:wrong", 401, "incorrect_password"),
        ("context=edit", "nobody:wrong", 401, "invalid_username"),
        ("per_page=101", BLOG_USER, 400, "rest_invalid_param"),
        ("orderby=karma", BLOG_USER, 400, "rest_invalid_param"),
        ("after=yesterday", BLOG_USER, 400, "rest_invalid_param"),
    ],
)
def test_a_poll_is_refused_in_wordpress_words(fresh, query, user, status, code):
    refused = wp(fresh, "GET", f"comments?{query}", user)

    assert (refused.status_code, refused.json()["code"], refused.json()["data"]["status"]) == (status, code, status)


def test_spaces_in_an_application_password_do_not_count(fresh):
    name, _, password = BLOG_USER.partition(":")

    assert wp(fresh, "GET", "users/me", f"{name}:{' '.join(password)}").json()["slug"] == "comptoir"


def test_pages_have_their_totals_and_links(fresh):
    for number in range(5):
        write(fresh, str(number))

    second = wp(fresh, "GET", f"{EDIT}&per_page=2&page=2&order=asc")
    beyond = wp(fresh, "GET", f"{EDIT}&per_page=2&page=9")

    assert [each["content"]["raw"] for each in second.json()] == ["2", "3"]
    assert (second.headers["X-WP-Total"], second.headers["X-WP-TotalPages"]) == ("5", "3")
    assert second.links["prev"]["url"].endswith("page=1&order=asc")
    assert "page=3" in second.links["next"]["url"]
    assert (beyond.json(), beyond.headers["X-WP-Total"]) == ([], "5")


def test_after_looks_at_creation_alone_and_reads_a_bare_time_as_the_sites_own(fresh):
    early, late = write(fresh, "tôt", at=AT), write(fresh, "tard", at=AT + timedelta(minutes=1))
    fresh.edit_comment(early, "changé")
    fresh.ask("POST", "website/status", {"comment": early, "status": "approved"})

    assert ids(wp(fresh, "GET", f"{EDIT}&after=2026-11-23T10:40:12Z")) == [late]
    assert ids(wp(fresh, "GET", f"{EDIT}&after=2026-11-23T10:40:11Z&order=asc")) == [early, late]
    # Toronto is five hours behind: the trap of a time in UTC without its Z.
    assert ids(wp(fresh, "GET", f"{EDIT}&after=2026-11-23T10:40:11")) == []
    assert ids(wp(fresh, "GET", f"{EDIT}&after=2026-11-23T05:40:11&before=2026-11-23T05:41:00")) == [early]


def test_all_leaves_out_spam_and_the_bin(fresh):
    kept = {status: write(fresh, status) for status in ("approved", "hold", "spam", "trash")}
    for status, comment in kept.items():
        fresh.ask("POST", "website/status", {"comment": comment, "status": status})

    assert set(ids(wp(fresh, "GET", EDIT))) == {kept["approved"], kept["hold"]}
    assert ids(wp(fresh, "GET", "comments?context=edit&status=spam")) == [kept["spam"]]
    assert ids(wp(fresh, "GET", "comments?context=edit&status=trash")) == [kept["trash"]]
    assert ids(wp(fresh, "GET", "comments")) == [kept["approved"]]


# --- answering and moderating --------------------------------------------------------------------


def answer(fresh, parent, text="Merci", **more):
    return wp(fresh, "POST", "comments", json={"post": int(ARTICLE), "parent": int(parent), "content": text} | more)


def test_an_answer_is_published_under_the_accounts_name(fresh):
    comment = write(fresh)

    told = answer(fresh, comment)

    shown = told.json()
    assert told.status_code == 201
    assert told.headers["Location"].endswith(f"/wp-json/wp/v2/comments/{shown['id']}")
    assert (shown["parent"], shown["status"], shown["author_name"]) == (int(comment), "approved", "Équipe du Vieux-Quai")
    assert shown["author"] == wp(fresh, "GET", "users/me").json()["id"]
    assert [each["text"] for each in fresh.replies(page=BLOG)] == ["Merci"]


def test_an_answer_to_an_answer_names_the_one_it_answers(fresh):
    root = write(fresh)
    nested = write(fresh, "Encore", parent=root)

    assert answer(fresh, nested).json()["parent"] == int(nested)


def test_the_same_answer_twice_is_a_duplicate(fresh):
    comment = write(fresh)
    answer(fresh, comment)

    again = answer(fresh, comment)

    assert (again.status_code, again.json()["code"]) == (409, "comment_duplicate")
    assert answer(fresh, write(fresh, "Une autre")).status_code == 201


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"content": " "}, 400, "rest_comment_content_invalid"),
        ({"post": 0}, 403, "rest_comment_invalid_post_id"),
        ({"post": 999999}, 403, "rest_comment_invalid_post_id"),
        ({"content": "é" * 40000}, 400, "comment_content_column_length"),
    ],
)
def test_an_answer_is_refused_for_what_is_wrong_with_it(fresh, given, status, code):
    refused = answer(fresh, write(fresh), **given)

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_nobody_answers_without_an_account_or_where_comments_are_closed(fresh):
    closed = fresh.publish(BLOG, "Ancien article", extra={"closed": True}, silent=True)["id"]

    body = {"post": int(closed), "content": "Trop tard"}
    assert wp(fresh, "POST", "comments", json=body).json()["code"] == "rest_comment_closed"
    assert wp(fresh, "POST", "comments", "", json=body).json()["code"] == "rest_comment_login_required"


@pytest.mark.parametrize("status", ["approved", "spam", "trash"])
def test_a_held_comment_is_approved_or_put_away(fresh, status):
    comment = write(fresh)

    told = wp(fresh, "POST", f"comments/{comment}", json={"status": status})

    assert (told.status_code, told.json()["status"]) == (200, status)
    # WordPress fails where nothing would change.
    again = wp(fresh, "POST", f"comments/{comment}", json={"status": status})
    assert (again.status_code, again.json()["code"]) == (500, "rest_comment_failed_edit")


def test_our_answer_is_edited_put_into_the_bin_and_deleted_for_good(fresh):
    ours = answer(fresh, write(fresh)).json()["id"]

    edited = wp(fresh, "PUT", f"comments/{ours}", json={"content": "Merci beaucoup"})
    binned = wp(fresh, "DELETE", f"comments/{ours}")
    again = wp(fresh, "DELETE", f"comments/{ours}")
    gone = wp(fresh, "DELETE", f"comments/{ours}?force=true")

    assert edited.json()["content"]["raw"] == "Merci beaucoup"
    assert binned.json()["status"] == "trash"
    assert (again.status_code, again.json()["code"]) == (410, "rest_already_trashed")
    assert (gone.json()["deleted"], gone.json()["previous"]["id"]) == (True, ours)
    assert wp(fresh, "GET", f"comments/{ours}").json()["code"] == "rest_comment_invalid_id"


def test_faults_look_like_those_of_a_site(fresh):
    comment, told = write(fresh), []
    for kind, value in (("refuse", "comment_flood"), ("refuse_429", ""), ("token_dead", ""), ("error_after_accept", "")):
        fresh.fault(kind, page=BLOG, value=value, count=1)
        answered = answer(fresh, comment, kind)
        told.append((answered.status_code, answered.headers["Content-Type"].partition(";")[0]))

    assert told == [(400, "application/json"), (429, "text/html"), (401, "application/json"), (500, "application/json")]
    assert [each["text"] for each in fresh.replies(page=BLOG)] == ["error_after_accept"]


# --- the rest of a site --------------------------------------------------------------------------


def test_a_site_tells_its_name_and_its_posts(fresh):
    index = http(fresh, "GET", "wp-json/").json()
    posts = wp(fresh, "GET", "posts?_fields=id,title,link", "")

    assert (index["name"], index["url"], index["timezone_string"]) == ("Le blogue du Vieux-Quai", BLOG, "America/Toronto")
    assert set(posts.json()[0]) == {"id", "title", "link"}
    assert posts.headers["X-WP-Total"] == "2"
    assert wp(fresh, "GET", "posts?page=2", "").json()["code"] == "rest_post_invalid_page_number"
    assert wp(fresh, "GET", f"posts/{ARTICLE}", "").json()["title"]["rendered"].startswith("Vaccin contre la grippe")


def test_who_is_nobody_is_told_so(fresh):
    assert wp(fresh, "GET", "users/me", "").json()["code"] == "rest_not_logged_in"
    assert wp(fresh, "GET", "users/me?context=edit").json()["capabilities"] == {"moderate_comments": True}


def test_each_site_has_a_path_of_its_own(fresh):
    fresh.create_page("wordpress", "https://moulin.example", name="Moulin", token="moi:secret", username="moulin")

    assert http(fresh, "GET", "sites/moulin/wp-json/").json()["name"] == "Moulin"
    assert http(fresh, "GET", "wp-json/wp/v2/users/me", auth=("moi", "secret")).json()["name"] == "Moulin"
    assert http(fresh, "GET", "sites/moulin/wp-json/wp/v2/users/me", auth=("comptoir", BLOG_USER[9:])).status_code == 404
