"""A French sign stands behind a space that does not break: no line begins with a colon or ends with an opening quotation mark."""

import json
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

LOOSE = re.compile(r" [:;!?»]|« ")


def texts_of(words, named):
    """Every text under a name that `named` accepts, in a seed of any shape."""
    for name, value in words.items():
        if isinstance(value, str) and named(name):
            yield value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from texts_of(inner, named)


def templates():
    seeds = json.loads(Path(settings.BASE_DIR, "responses/seeds/templates.json").read_text(encoding="utf-8"))
    return texts_of({"all": seeds}, lambda name: name.endswith("_fr") or name == "comment")


def conversations():
    """People write as they like; what the pharmacy publishes, answers and notes is its own French."""
    seeds = json.loads(Path(settings.BASE_DIR, "inbox/seeds/conversations.json").read_text(encoding="utf-8"))
    for conversation in seeds["conversations"]:
        conversation["messages"] = [
            each for each in conversation["messages"] if each["from"] != "them" and each.get("language") != "en"
        ]
    return texts_of(seeds, lambda name: name in {"text", "answer", "edited_from"})


def translations():
    for entry in polib.pofile(str(Path(settings.BASE_DIR, "locale/fr_CA/LC_MESSAGES/django.po"))):
        yield from (entry.msgstr, *entry.msgstr_plural.values())


@pytest.mark.parametrize("source", [templates, conversations, translations])
def test_no_sign_of_french_stands_behind_a_space_that_breaks(source):
    texts = [*source()]
    assert len(texts) > 50
    assert [text for text in texts if LOOSE.search(text)] == []
