"""Figures of posts and pages, as Meta gives them since so many were taken away."""

import pytest

from tests.simulator.calls import FACEBOOK, INSTAGRAM, INSTAGRAM_TOKEN, MEDIA, POST, error, graph


def ask(sim, node, metrics, token=None, **more):
    given = {} if token is None else {"token": token}
    return graph(sim, "GET", f"{node}/insights", params={"metric": ",".join(metrics)} | more, **given)


def values(answer):
    return {each["name"]: each["values"][0]["value"] for each in answer.json()["data"]}


def test_what_people_did_under_a_post_is_counted(fresh):
    fresh.comment(FACEBOOK, "Un", post=POST)
    fresh.comment(FACEBOOK, "Deux", post=POST)
    fresh.react_to_post(FACEBOOK, POST)

    answer = ask(fresh, POST, ["post_activity_by_action_type", "post_reactions_by_type_total", "post_media_view"])

    told = values(answer)
    assert told["post_activity_by_action_type"] == {"like": 1, "comment": 2}
    assert sum(told["post_reactions_by_type_total"].values()) == 1
    assert told["post_media_view"] > 0
    assert {each["period"] for each in answer.json()["data"]} == {"lifetime"}


def test_figures_of_a_page_are_of_its_day(fresh):
    answer = ask(fresh, FACEBOOK, ["page_post_engagements"], period="day")

    [told] = answer.json()["data"]
    assert told["values"][0]["end_time"]
    assert told["period"] == "day"


def test_instagram_tells_values_of_media_and_totals_of_an_account(fresh):
    fresh.comment(INSTAGRAM, "Un", post=MEDIA)

    assert values(ask(fresh, MEDIA, ["comments", "saved"], INSTAGRAM_TOKEN)) == {"comments": 1, "saved": 0}
    answer = ask(fresh, INSTAGRAM, ["views"], INSTAGRAM_TOKEN, metric_type="total_value", period="day")
    assert answer.json()["data"][0]["total_value"]["value"] >= 0


@pytest.mark.parametrize("gone", ["post_impressions", "post_engaged_users"])
def test_one_figure_that_was_taken_away_fails_the_whole_request(fresh, gone):
    assert error(ask(fresh, POST, ["post_media_view", gone]))[0] == 100


def test_without_the_permission_there_are_none(fresh):
    fresh.withdraw("read_insights", page=FACEBOOK)

    assert error(ask(fresh, POST, ["post_media_view"]))[0] == 10
