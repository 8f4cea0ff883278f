"""The seeds of the demo are held to the rules that the product holds everybody to."""

import re
from collections import Counter

import pytest
from django.utils.text import slugify

from inbox import crises, platforms, triage
from inbox.triage.findings import Context
from inbox.triage.help import help_lines
from inbox.triage.writer.first_name import first_name
from inbox.triage.writer.language import detect
from responses import guard, wording
from responses.demo import maker, pharmacy
from responses.guard.findings import Around
from responses.models.templates import TOPICS, Audience
from responses.texts import readiness

HOUSES = [pharmacy.HOUSE, maker.HOUSE]
HOLDING = {house: {template["title_fr"] for template in house.words if template.get("holds")} for house in HOUSES}
BODIES = [
    pytest.param(words[f"body_{language}"], template["audience"], id=f"{house.kind} {template['title_fr']} {language}")
    for house in HOUSES
    for template in house.words
    for words in [template, *([template["next"]] if "next" in template else [])]
    for language in ("fr", "en")
]
each_house = pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.kind)
each_template = pytest.mark.parametrize(
    ("house", "template"),
    [pytest.param(house, template, id=f"{house.kind} {template['title_fr']}") for house in HOUSES for template in house.words],
)


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


@each_template
def test_words_for_somebody_in_danger_name_whom_to_call_by_fields_alone(house, template):
    assert not readiness.types_a_line(template)
    if template["topic"] in crises.ANSWERED:
        assert "{help_" in template["body_fr"]


@pytest.mark.parametrize(("body", "audience"), BODIES)
def test_a_template_reads_well_without_a_first_name(body, audience):
    text = wording.render(body, wording.EXAMPLES["fr"] | {"first_name": ""})
    assert not re.search(r"  | ,| !", text)
    assert text.split()[0].rstrip(",!") in {"Bonjour", "Merci", "Hi", "Hello", "Thank"}


@each_template
def test_the_french_and_the_english_of_a_template_ask_for_the_same(house, template):
    assert wording.twins(template["body_fr"], template["body_en"]) == []
    if "next" in template:
        assert wording.twins(template["next"]["body_fr"], template["next"]["body_en"]) == []


@each_template
def test_a_template_is_of_a_known_topic_and_short_enough(house, template):
    own = f"own-{slugify(house.topic['name_fr'])}"
    assert template["topic"] in {*dict(TOPICS), own}
    assert template["audience"] in Audience.values
    assert max(len(template["title_fr"]), len(template["title_en"])) <= 80
    assert max(len(template["body_fr"]), len(template["body_en"])) <= 500


def test_the_templates_are_in_the_states_that_the_demo_shows():
    states = Counter(template["state"] for template in pharmacy.HOUSE.words)
    assert states["approved"] >= 22
    assert states["in_review"] == 3
    assert states["changes_requested"] == states["draft"] == 1
    assert sum("next" in template for template in pharmacy.HOUSE.words if template["state"] == "approved") == 1


def test_of_the_maker_s_templates_some_were_decided_on_lately_each_way_and_one_ends_soon():
    lately = [template["state"] for template in maker.HOUSE.words if "hours_ago" in template]
    assert sorted(lately) == ["approved", "changes_requested", "in_review", "withdrawn"]
    assert [template["state"] for template in maker.HOUSE.words if "days_left" in template] == ["approved"]


@each_house
def test_who_only_acknowledges_or_moves_says_so_and_who_answers_does_not(house):
    for template in house.words:
        assert not readiness.only_acknowledges({"holds": False} | template), template["title_fr"]
        if template.get("holds"):
            assert "{answer}" not in template["body_fr"], "what staff answer in it is an answer"
            assert template["topic"] not in {*crises.ANSWERED, "adverse_event"}, "what to do in danger is an answer"
    assert {"Accusé de réception", "Passons en privé", "Premier message en privé"} <= HOLDING[house]
    assert {"Passer en privé", "Renouvellement demandé en public"} <= HOLDING[pharmacy.HOUSE]


@each_house
def test_no_two_templates_have_the_same_title(house):
    assert max(Counter(template["title_fr"] for template in house.words).values()) == 1
    assert max(Counter(template["title_en"] for template in house.words).values()) == 1


# --- conversations --------------------------------------------------------------------------------------

DAY = 24 * 60
each_conversation = pytest.mark.parametrize(
    ("house", "seed"),
    [
        pytest.param(house, seed, id=f"{seed['author']} {seed['age_minutes']}")
        for house in HOUSES
        for seed in house.told["conversations"]
    ],
)


def answered_after(house, seed):
    """Minutes until our first answer, not counting what only holds; None without one."""
    ours = [message for message in seed["messages"] if message["from"] != "them"]
    return next((message["minutes"] for message in ours if message.get("template_title") not in HOLDING[house]), None)


def test_there_are_conversations_in_every_state_the_demo_shows():
    scenarios = Counter(seed["scenario"] for seed in pharmacy.HOUSE.told["conversations"])
    assert scenarios["answered_on_time"] >= 39
    assert scenarios["answered_late"] == 6
    assert (scenarios["fresh"], scenarios["nearing"], scenarios["overdue"]) == (13, 6, 5)
    assert (scenarios["closed"], scenarios["excluded"], scenarios["taken_back"]) == (7, 2, 2)


def test_the_maker_has_conversations_in_every_state_too():
    scenarios = {seed["scenario"] for seed in maker.HOUSE.told["conversations"]}
    assert scenarios >= {"fresh", "nearing", "overdue", "answered_on_time", "answered_late", "closed", "excluded"}


@pytest.mark.parametrize(("house", "french", "english"), [(pharmacy.HOUSE, 60, 8), (maker.HOUSE, 12, 3)])
def test_most_people_of_the_demo_write_in_french(house, french, english):
    languages = Counter(detect(seed["messages"][0]["text"]) for seed in house.told["conversations"])
    assert languages["fr"] >= french
    assert languages["en"] >= english


@pytest.mark.parametrize(("house", "channels"), [(pharmacy.HOUSE, 6), (maker.HOUSE, 4)])
def test_every_channel_of_the_demo_has_conversations_and_every_post_has_comments(house, channels):
    told = house.told["conversations"]
    assert len({seed["channel"] for seed in told}) == channels
    posts = {post["key"] for post in house.told["posts"]}
    assert {seed["post"] for seed in told if seed["kind"] == "comment"} == posts


def test_no_two_people_of_the_demo_are_taken_for_each_other():
    """One signs in by the first part of an address, and a telephone number leads to one place."""
    addresses = [person.address for house in HOUSES for person in house.people]
    numbers = [place.phone for house in HOUSES for place in house.places]
    assert max(Counter([*addresses, *numbers]).values()) == 1
    assert all(re.search(r" 555-01\d\d$", number) for number in numbers)


@each_conversation
def test_the_age_of_a_conversation_fits_its_scenario(house, seed):
    age, answered = seed["age_minutes"], answered_after(house, seed)
    ranges = {"fresh": (1, 1000), "nearing": (1080, 1430), "overdue": (DAY + 1, 7 * DAY)}
    first, last = ranges.get(seed["scenario"], (1, 60 * DAY))
    assert first <= age <= last
    if seed["scenario"].startswith("answered"):
        assert (answered > DAY) == (seed["scenario"] == "answered_late")
    elif seed["scenario"] != "thread_extended":
        assert answered is None


@each_conversation
def test_the_messages_of_a_conversation_are_in_order_and_in_the_past(house, seed):
    minutes = [message["minutes"] for message in seed["messages"]]
    assert minutes[0] == 0
    assert minutes == sorted(minutes)
    assert minutes[-1] < seed["age_minutes"]
    assert seed["messages"][0]["from"] == "them"


@each_conversation
def test_a_comment_stands_under_a_post_of_its_channel_that_is_older(house, seed):
    platform, _, location = seed["channel"].partition(":")
    assert platform in platforms.slugs()
    assert location in house.told["locations"]
    assert (seed["kind"] == "comment") == ("post" in seed)
    if "post" in seed:
        post = next(post for post in house.told["posts"] if post["key"] == seed["post"])
        assert post["channel"] == seed["channel"]
        assert post["age_minutes"] > seed["age_minutes"]


@each_conversation
def test_an_answer_of_the_demo_is_what_the_product_would_have_let_leave(house, seed):
    facts = house.told["locations"][seed["channel"].partition(":")[2]]
    templates = {template["title_fr"]: template for template in house.words}
    own = tuple(house.products) if house is maker.HOUSE else ()
    posts = [post["text"] for post in house.told["posts"] if post["key"] == seed.get("post")]
    asked = [message["text"] for message in seed["messages"] if message["from"] == "them"]
    around = Around(own=own, thread="\n".join([*posts, *asked]) if own else "")
    for message in seed["messages"]:
        if message["from"] == "them":
            continue
        assert guard.check(message["text"], public=seed["kind"] == "comment", allowed=facts.values(), around=around) == []
        if title := message.get("template_title"):
            called = help_lines.table().fields("QC", message["language"], on=help_lines.table().checked_on)
            values = facts | called | {"first_name": first_name(seed["author"]), "answer": message.get("answer", "")}
            body = templates[title][f"body_{message['language']}"]
            assert templates[title]["state"] == "approved"
            assert wording.check_values(body, values) == []
            assert message["text"] == wording.render(body, values)


@each_conversation
def test_who_says_no_more_than_thanks_is_not_left_waiting(house, seed):
    """What people say after an answer is a question that waits, or the end of a story that is closed."""
    last = seed["messages"][-1]
    if last["from"] == "them" and answered_after(house, seed) is not None and not seed["scenario"].startswith("answered"):
        assert any("?" in message["text"] for message in seed["messages"][-2:])


# --- what a maker owes ----------------------------------------------------------------------------------


def found(house, seed):
    """What the rules see in what people wrote."""
    public = seed["kind"] == "comment"
    context = Context(public=public, page_kind=house.kind, author=seed["author"], products=tuple(house.products))
    texts = [message["text"] for message in seed["messages"] if message["from"] == "them"]
    return {finding.type for text in texts for finding in triage.read(text, context).findings}


def test_people_write_to_the_maker_of_harm_of_a_defect_of_a_device_and_of_a_use_that_is_not_approved():
    seen = set().union(*(found(maker.HOUSE, seed) for seed in maker.HOUSE.told["conversations"]))
    assert seen >= {"adverse_event", "product_quality", "device_incident", "off_label", "media_request"}


@pytest.mark.parametrize(
    "seed", [seed for seed in maker.HOUSE.told["conversations"] if "case" in seed], ids=lambda seed: seed["author"]
)
def test_what_people_did_with_a_case_of_the_maker_is_done_with_one_that_is_opened(seed):
    assert seed["case"]["type"] in found(maker.HOUSE, seed)
