"""The seeds of the demo are held to the rules that the product holds everybody to."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from inbox.triage.first_name import first_name
from inbox.triage.language import detect
from responses import guard, wording
from responses.models.templates import Audience, Topic

TEMPLATES = json.loads(Path(settings.BASE_DIR, "responses/seeds/templates.json").read_text(encoding="utf-8"))
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
    text = wording.render(body, wording.EXAMPLES)
    for public in (True, False):
        if audience in {Audience.BOTH, Audience.PUBLIC if public else Audience.PRIVATE}:
            assert guard.check(text, public=public, allowed=wording.EXAMPLES.values()) == []


@pytest.mark.parametrize(("body", "audience"), BODIES)
def test_a_template_reads_well_without_a_first_name(body, audience):
    text = wording.render(body, wording.EXAMPLES | {"first_name": ""})
    assert "  " not in text and " ," not in text and " !" not in text
    assert text.split()[0].rstrip(",!") in {"Bonjour", "Merci", "Hi", "Hello", "Thank"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["title_fr"])
def test_the_french_and_the_english_of_a_template_ask_for_the_same(template):
    assert wording.twins(template["body_fr"], template["body_en"]) == []
    if "next" in template:
        assert wording.twins(template["next"]["body_fr"], template["next"]["body_en"]) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["title_fr"])
def test_a_template_is_of_a_known_topic_and_short_enough(template):
    assert template["topic"] in Topic.values
    assert template["audience"] in Audience.values
    assert max(len(template["title_fr"]), len(template["title_en"])) <= 80
    assert max(len(template["body_fr"]), len(template["body_en"])) <= 500


def test_the_templates_are_in_the_states_that_the_demo_shows():
    states = Counter(template["state"] for template in TEMPLATES)
    assert states["approved"] >= 22
    assert states["in_review"] == 3
    assert states["changes_requested"] == states["draft"] == 1
    assert sum("next" in template for template in TEMPLATES if template["state"] == "approved") == 1


def test_no_two_templates_have_the_same_title():
    assert max(Counter(template["title_fr"] for template in TEMPLATES).values()) == 1
    assert max(Counter(template["title_en"] for template in TEMPLATES).values()) == 1
