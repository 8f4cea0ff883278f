"""The seeds of the demo are held to the rules that the product holds everybody to."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.text import slugify

from inbox import crises, platforms
from inbox.triage.help import help_lines
from inbox.triage.writer.first_name import first_name
from inbox.triage.writer.language import detect
from responses import guard, wording
from responses.demo.words import STOCKINGS
from responses.models.templates import TOPICS, Audience
from responses.texts import readiness

TEMPLATES = json.loads(Path(settings.BASE_DIR, "responses/seeds/templates.json").read_text(encoding="utf-8"))
SEEDS = json.loads(Path(settings.BASE_DIR, "inbox/seeds/conversations.json").read_text(encoding="utf-8"))
POSTS = {post["key"]: post for post in SEEDS["posts"]}
CONVERSATIONS = SEEDS["conversations"]
HOLDING = {template["title_fr"] for template in TEMPLATES if template.get("holds")}
BODIES = [
    pytest.param(words[f"body_{language}"], template["audience"], id=f"{template['title_fr']} {language}")
    for template in TEMPLATES
    for words in [template, *([template["next"]] if "next" in template else [])]
    for language in ("fr", "en")
]


# --- templates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "audience"), BODIES)
def test_the_words_of_a_template_ask_only_for_fields_that_exist(body, audience):
    assert wording.check(body) == []


@pytest.mark.parametrize(("body", "audience"), BODIES)
def test_the_guard_lets_every_template_pass_where_it_may_be_used(body, audience):
    text = wording.render(body, wording.EXAMPLES["fr"])
    for public in (True, False):
        if audience in {Audience.BOTH, Audience.PUBLIC if public else Audience.PRIVATE}:
            assert guard.check(text, public=public, allowed=wording.EXAMPLES["fr"].values()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["title_fr"])
def test_words_for_somebody_in_danger_name_whom_to_call_by_fields_alone(template):
    assert not readiness.types_a_line(template)
    if template["topic"] in crises.ANSWERED:
        assert "{help_" in template["body_fr"]


@pytest.mark.parametrize(("body", "audience"), BODIES)
def test_a_template_reads_well_without_a_first_name(body, audience):
    text = wording.render(body, wording.EXAMPLES["fr"] | {"first_name": ""})
    assert not re.search(r"  | ,| !", text)
    assert text.split()[0].rstrip(",!") in {"Bonjour", "Merci", "Hi", "Hello", "Thank"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["title_fr"])
def test_the_french_and_the_english_of_a_template_ask_for_the_same(template):
    assert wording.twins(template["body_fr"], template["body_en"]) == []
    if "next" in template:
        assert wording.twins(template["next"]["body_fr"], template["next"]["body_en"]) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["title_fr"])
def test_a_template_is_of_a_known_topic_and_short_enough(template):
    own = f"own-{slugify(STOCKINGS['name_fr'])}"
    assert template["topic"] in {*dict(TOPICS), own}
    assert template["audience"] in Audience.values
    assert max(len(template["title_fr"]), len(template["title_en"])) <= 80
    assert max(len(template["body_fr"]), len(template["body_en"])) <= 500


def test_the_templates_are_in_the_states_that_the_demo_shows():
    states = Counter(template["state"] for template in TEMPLATES)
    assert states["approved"] >= 22
    assert states["in_review"] == 3
    assert states["changes_requested"] == states["draft"] == 1
    assert sum("next" in template for template in TEMPLATES if template["state"] == "approved") == 1


def test_who_only_acknowledges_or_moves_says_so_and_who_answers_does_not():
    for template in TEMPLATES:
        assert not readiness.only_acknowledges({"holds": False} | template), template["title_fr"]
        if template.get("holds"):
            assert "{answer}" not in template["body_fr"], "what staff answer in it is an answer"
            assert template["topic"] not in {*crises.ANSWERED, "adverse_event"}, "what to do in danger is an answer"
    assert {"Accusé de réception", "Passer en privé", "Renouvellement demandé en public", "Passons en privé"} <= HOLDING


def test_no_two_templates_have_the_same_title():
    assert max(Counter(template["title_fr"] for template in TEMPLATES).values()) == 1
    assert max(Counter(template["title_en"] for template in TEMPLATES).values()) == 1


# --- conversations --------------------------------------------------------------------------------------

DAY = 24 * 60
each_conversation = pytest.mark.parametrize("seed", CONVERSATIONS, ids=lambda seed: f"{seed['author']} {seed['age_minutes']}")


def answered_after(seed):
    """Minutes until our first answer, not counting what only holds; None without one."""
    ours = [message for message in seed["messages"] if message["from"] != "them"]
    return next((message["minutes"] for message in ours if message.get("template_title") not in HOLDING), None)


def test_there_are_conversations_in_every_state_the_demo_shows():
    scenarios = Counter(seed["scenario"] for seed in CONVERSATIONS)
    assert scenarios["answered_on_time"] >= 39
    assert scenarios["answered_late"] == 6
    assert (scenarios["fresh"], scenarios["nearing"], scenarios["overdue"]) == (13, 6, 5)
    assert (scenarios["closed"], scenarios["excluded"], scenarios["taken_back"]) == (7, 2, 2)


def test_most_people_of_the_demo_write_in_french():
    languages = Counter(detect(seed["messages"][0]["text"]) for seed in CONVERSATIONS)
    assert languages["fr"] >= 60
    assert languages["en"] >= 8


def test_every_channel_of_the_demo_has_conversations_and_every_post_has_comments():
    assert len({seed["channel"] for seed in CONVERSATIONS}) == 6
    assert {seed["post"] for seed in CONVERSATIONS if seed["kind"] == "comment"} == set(POSTS)


@each_conversation
def test_the_age_of_a_conversation_fits_its_scenario(seed):
    age, answered = seed["age_minutes"], answered_after(seed)
    ranges = {"fresh": (1, 1000), "nearing": (1080, 1430), "overdue": (DAY + 1, 7 * DAY)}
    first, last = ranges.get(seed["scenario"], (1, 60 * DAY))
    assert first <= age <= last
    if seed["scenario"].startswith("answered"):
        assert (answered > DAY) == (seed["scenario"] == "answered_late")
    elif seed["scenario"] != "thread_extended":
        assert answered is None


@each_conversation
def test_the_messages_of_a_conversation_are_in_order_and_in_the_past(seed):
    minutes = [message["minutes"] for message in seed["messages"]]
    assert minutes[0] == 0
    assert minutes == sorted(minutes)
    assert minutes[-1] < seed["age_minutes"]
    assert seed["messages"][0]["from"] == "them"


@each_conversation
def test_a_comment_stands_under_a_post_of_its_channel_that_is_older(seed):
    platform, _, location = seed["channel"].partition(":")
    assert platform in platforms.slugs()
    assert location in SEEDS["locations"]
    assert (seed["kind"] == "comment") == ("post" in seed)
    if "post" in seed:
        assert POSTS[seed["post"]]["channel"] == seed["channel"]
        assert POSTS[seed["post"]]["age_minutes"] > seed["age_minutes"]


@each_conversation
def test_an_answer_of_the_demo_is_what_the_product_would_have_let_leave(seed):
    facts = SEEDS["locations"][seed["channel"].partition(":")[2]]
    templates = {template["title_fr"]: template for template in TEMPLATES}
    for message in seed["messages"]:
        if message["from"] == "them":
            continue
        assert guard.check(message["text"], public=seed["kind"] == "comment", allowed=facts.values()) == []
        if title := message.get("template_title"):
            called = help_lines.table().fields("QC", message["language"], on=help_lines.table().checked_on)
            values = facts | called | {"first_name": first_name(seed["author"]), "answer": message.get("answer", "")}
            body = templates[title][f"body_{message['language']}"]
            assert templates[title]["state"] == "approved"
            assert wording.check_values(body, values) == []
            assert message["text"] == wording.render(body, values)


@each_conversation
def test_who_says_no_more_than_thanks_is_not_left_waiting(seed):
    """What people say after an answer is a question that waits, or the end of a story that is closed."""
    last = seed["messages"][-1]
    if last["from"] == "them" and answered_after(seed) is not None and not seed["scenario"].startswith("answered"):
        assert any("?" in message["text"] for message in seed["messages"][-2:])
