"""Rules for tests: each finds one word, so that a test depends on no lexicon."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from inbox import triage
from inbox.triage import reading
from inbox.triage.findings import Confidence, Context, Cue, Family, Finding, Urgency
from inbox.triage.text import Text

Rule = Callable[[Text, Context], Iterator[Finding]]


def rule(word: str, family: Family, type_: str, urgency: Urgency = Urgency.NONE, *, name: str = "TEST-1", **more) -> Rule:
    def find(text: Text, context: Context) -> Iterator[Finding]:
        for found in re.finditer(word, text.original):
            cue = Cue("event", found.start(), found.end())
            yield Finding(family, type_, found.start(), found.end(), Confidence.HIGH, name, (cue,), urgency, **more)

    return find


def breaks(text: Text, context: Context) -> Iterator[Finding]:
    """A rule with a fault that shows on some texts."""
    if "casse" in text.original:
        raise ZeroDivisionError(text.original)
    yield from ()


CRISIS = rule("danger", Family.CRISIS, "self_harm", Urgency.NOW, name="CRISIS-1")
EVENT = rule("plaques", Family.SAFETY, "adverse_event", Urgency.SOON, name="AE-1")
NUMBER = rule("TREM[0-9]+", Family.IDENTIFIER, "ramq", Urgency.SOON, name="PHI-1")


def in_force(monkeypatch, *rules: Rule, version: str = "test-1") -> None:
    def find(text: Text, context: Context) -> Iterator[Finding]:
        return chain.from_iterable(rule(text, context) for rule in rules)

    monkeypatch.setattr(reading, "_findings", find)
    for place in (triage, reading):
        monkeypatch.setattr(place, "version", lambda: version)
