"""Figures of an organization's posts, as LinkedIn gives them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.simulator.calls import ACTIVITY, LINKEDIN, rest
from tests.simulator.linkedin.calls import SHARE

JULIE = "Julie Exemple"
DAY = 86_400_000


def ask(sim, more="", **options):
    path = f"organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={quote(LINKEDIN, safe='')}"
    return rest(sim, "GET", path + more, **options)


def total(element):
    return element["totalShareStatistics"]


def shares(*urns):
    return f"&shares=List({','.join(quote(urn, safe='') for urn in urns)})"


def daily(start, end):
    return f"&timeIntervals=(timeRange:(start:{start},end:{end}),timeGranularityType:DAY)"


def days_ago(count):
    return datetime.now(UTC) - timedelta(days=count)


def midnight(moment):
    return int(moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def engaged(sim):
    """Two comments, a like and a share of one post; a like of a comment is none of it."""
    sim.comment(LINKEDIN, "Bravo", post=ACTIVITY, author=JULIE)
    liked = sim.comment(LINKEDIN, "Merci", post=ACTIVITY, author=JULIE)["id"]
    sim.react_to_comment(liked, author=JULIE)
    sim.ask("POST", "linkedin/like", {"post": ACTIVITY, "author": JULIE})
    sim.ask("POST", "linkedin/share", {"post": ACTIVITY, "author": JULIE, "text": "À lire"})


def test_what_people_did_with_one_post_is_counted(fresh):
    before = total(ask(fresh, shares(SHARE)).json()["elements"][0])
    engaged(fresh)

    [element] = ask(fresh, shares(SHARE)).json()["elements"]

    told = total(element)
    assert (element["share"], element["organizationalEntity"]) == (SHARE, LINKEDIN)
    assert {name: told[name] - before[name] for name in ("commentCount", "likeCount", "shareCount", "clickCount")} == {
        "commentCount": 2,
        "likeCount": 1,
        "shareCount": 1,
        "clickCount": 0,
    }
    acts = told["commentCount"] + told["likeCount"] + told["shareCount"]
    assert told["impressionCount"] > told["uniqueImpressionsCount"] > acts
    assert told["engagement"] == pytest.approx(acts / told["impressionCount"])


def test_without_posts_the_figures_are_those_of_all_of_them_together(fresh):
    other = fresh.publish(LINKEDIN, "Notre horaire", silent=True)
    fresh.comment(LINKEDIN, "Merci", post=other["id"], author=JULIE)
    fresh.publish(LINKEDIN, "Merci à la pharmacie", author=JULIE, kind="mention")

    [whole] = ask(fresh).json()["elements"]
    each = ask(fresh, shares(*(post["id"] for post in posts_of(fresh)))).json()["elements"]

    assert "share" not in whole
    assert len(each) == 3  # the mention is somebody else's
    assert total(whole)["commentCount"] == sum(total(element)["commentCount"] for element in each) > 0
    assert total(whole)["impressionCount"] == sum(total(element)["impressionCount"] for element in each)


def posts_of(sim):
    return rest(sim, "GET", f"posts?q=author&author={quote(LINKEDIN, safe='')}").json()["elements"]


def test_each_day_has_figures_of_its_own(fresh):
    start = midnight(days_ago(3))
    engaged(fresh)
    fresh.comment(LINKEDIN, "Hier", post=ACTIVITY, author=JULIE, at=days_ago(2))

    told = ask(fresh, shares(SHARE) + daily(start, start + 3 * DAY)).json()["elements"]

    assert [element["timeRange"] for element in told] == [
        {"start": start + n * DAY, "end": start + (n + 1) * DAY} for n in range(3)
    ]
    assert [total(element)["commentCount"] for element in told] == [0, 1, 0]


def test_nothing_is_told_that_is_older_than_twelve_months(fresh):
    fresh.comment(LINKEDIN, "Il y a longtemps", post=ACTIVITY, author=JULIE, at=days_ago(400))
    fresh.comment(LINKEDIN, "Il y a moins longtemps", post=ACTIVITY, author=JULIE, at=days_ago(360))
    year = midnight(days_ago(420))

    whole = total(ask(fresh, shares(SHARE)).json()["elements"][0])
    dated = ask(fresh, shares(SHARE) + daily(year, year + 62 * DAY) + "&count=100").json()["elements"]

    assert whole["commentCount"] == 1
    assert sum(total(element)["commentCount"] for element in dated) == 1


def test_a_post_of_somebody_else_is_left_out(fresh):
    mention = fresh.publish(LINKEDIN, "Merci à la pharmacie", author=JULIE, kind="mention")["share_id"]

    assert ask(fresh, shares(mention, SHARE)).json()["paging"]["total"] == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (shares(ACTIVITY), "INVALID_URN_TYPE"),
        ("&shares=List%28urn%3Ali%3Ashare%3A1%29", "ILLEGAL_ARGUMENT"),
        (daily(1, 2).replace("DAY", "WEEK"), "ILLEGAL_ARGUMENT"),
        ("&timeIntervals=(start:1,end:2)", "ILLEGAL_ARGUMENT"),
    ],
)
def test_what_is_asked_in_another_form_is_refused(fresh, more, code):
    refused = ask(fresh, more)

    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_an_administrator_alone_may_ask(fresh):
    fresh.ask("POST", "linkedin/role", {"page": LINKEDIN, "role": "CONTENT_ADMINISTRATOR"})

    assert ask(fresh).status_code == 403
