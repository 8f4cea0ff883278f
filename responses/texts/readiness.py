"""Whether words may be handed in for review: what is missing or unsafe, field by field, in words."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from inbox import crises
from inbox.triage.help import help_lines
from inbox.triage.topics.names import Topic
from responses import guard, wording
from responses.models.templates import Audience
from responses.texts.lengths import too_long_for

LANGUAGES = ("fr", "en")
SELLING = frozenset({Topic.STOCK.value, Topic.PRICE.value})  # topics of who asks for a price, or whether something is there


def problems(words: Mapping[str, Any], *, among: Collection[str], own: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """among: the platforms that words without any of their own are for: those where the organization has a page.

    own: what it makes.
    """
    found: dict[str, list[str]] = {}
    for field, problem in [*_missing(words), *_unsound(words, words["platforms"] or among, own), *_unlike(words)]:
        found.setdefault(field, []).append(problem)
    return found


def _missing(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("title_fr", "title_en"):
        if not words[field].strip():
            yield field, _("Needed in both languages.")
    if not words["topic"]:
        yield "topic", _("Choose a topic.")


def _unsound(words: Mapping[str, Any], on: Collection[str], own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        field = f"body_{language}"
        yield from ((field, str(problem)) for problem in wording.check(words[field]))
        blocks = [str(finding.message) for finding in _findings(words, field, own) if finding.level == guard.Level.BLOCK]
        yield from ((field, message) for message in dict.fromkeys(blocks))
        if names := list(too_long_for(words[field], on=on, audience=words["audience"])):
            message = _("Too long for %(platforms)s once the fields are filled: shorten it, or choose other platforms.")
            yield field, message % {"platforms": ", ".join(names)}


def warnings(words: Mapping[str, Any], own: tuple[str, ...] = ()) -> list[str]:
    """What does not stop the words and deserves the reviewer's eye."""
    found = [*_findings(words, "body_fr", own), *_findings(words, "body_en", own)]
    told = [str(finding.message) for finding in found if finding.level == guard.Level.WARN]
    if types_a_line(words):
        told.append(_("A help line is typed out: it follows neither the place nor the table of help lines. A field does."))
    if only_acknowledges(words):
        told.append(_("This reads like an acknowledgement, and would end the person’s wait."))
    return list(dict.fromkeys(told))


# What is said where the answer comes later, or elsewhere.
_LATER = re.compile(
    r"bien reçu|message reçu|on vous revient|nous vous reviendrons|écrivez-nous en privé|on continue en privé"
    r"|received your|get back to you|write to us in private|continue in private",
    re.IGNORECASE,
)


def only_acknowledges(words: Mapping[str, Any]) -> bool:
    """Whether words that are to end a wait look like no answer: none is typed in, and they put it off."""
    if words["holds"] or words["topic"] in {*crises.ANSWERED, Topic.ADVERSE_EVENT}:
        return False
    bodies = [words[f"body_{language}"] for language in LANGUAGES]
    return not any("{answer}" in body for body in bodies) and any(map(_LATER.search, bodies))


def types_a_line(words: Mapping[str, Any]) -> bool:
    """Whether words for somebody in danger hold a number in the place of a field."""
    if words["topic"] not in crises.ANSWERED:
        return False
    return any(_types_a_number(_locked(words[f"body_{language}"])) for language in LANGUAGES)


def _types_a_number(locked: str) -> bool:
    """One of the table, or one that may have been. 911 is the same everywhere."""
    numbers = [number for number in help_lines.numbers() if number != help_lines.FIRST_OF_SEVERAL]
    return any(guard.written(locked, numbers)) or any(found.code == "phone" for found in guard.check(locked, public=True))


def _findings(words: Mapping[str, Any], field: str, own: tuple[str, ...]) -> list[guard.Finding]:
    # A pharmacist may send them, if anybody may: who it is, is judged when they are sent.
    public, of_harm = words["audience"] != Audience.PRIVATE, words["topic"] == Topic.ADVERSE_EVENT
    around = guard.Around(own=own, sells=words["topic"] in SELLING)
    return guard.check(_locked(words[field]), public=public, advises=True, of_harm=of_harm, around=around)


def _locked(body: str) -> str:
    """Without its fields, which are judged when they are filled."""
    return "".join(segment.text for segment in wording.segments(body))


def _unlike(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if words["body_fr"].strip() and words["body_en"].strip():
        yield from (("body_en", str(problem)) for problem in wording.twins(words["body_fr"], words["body_en"]))
