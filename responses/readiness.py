"""Whether words may be handed in for review: what is missing or unsafe, field by field, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from responses import guard, wording
from responses.models.templates import Audience

LANGUAGES = ("fr", "en")


def problems(words: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, problem in [*_missing(words), *_unsound(words), *_unlike(words)]:
        found.setdefault(field, []).append(problem)
    return found


def _missing(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("title_fr", "title_en"):
        if not words[field].strip():
            yield field, _("Needed in both languages.")
    if not words["topic"]:
        yield "topic", _("Choose a topic.")


def _unsound(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        field = f"body_{language}"
        yield from ((field, str(problem)) for problem in wording.check(words[field]))
        findings = guard.check(words[field], public=words["audience"] != Audience.PRIVATE)
        yield from ((field, str(finding.message)) for finding in findings if finding.level == guard.Level.BLOCK)


def _unlike(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if words["body_fr"].strip() and words["body_en"].strip():
        yield from (("body_en", str(problem)) for problem in wording.twins(words["body_fr"], words["body_en"]))
