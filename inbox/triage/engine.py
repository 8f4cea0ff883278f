"""Rules: words near each other, and what speaks against them. A table [rules.NAME] in a lexicon:

    type = "poisoning"                 the finding's type
    all = ["swallowed", "child|pet"]   one cue of each of these groups ("|": of either), in any order
    near = "sentence"                  all in one "clause", "sentence" or "message", or a number: so many words between, anywhere
    unless = ["joke@message"]          not where one of these stands in the same clause, sentence (if not said) or message
    unless_before = ["speech.not"]     not where one of these stands in the four words before the first group's cue, in its clause
    urgency, confidence, serious, special      as in findings.Finding; confidence is "high" if not said
    family                             where it is another than its file's
    found, not_found                   sentences in which this rule must, or must not, make a finding

`unless` at the head of a file holds for all its rules.

The first group is the heart of the rule: each of its cues is tried. A group of the same file is named alone, one of another file
with the name of that file: "people.child"; "products.*" is every group of that file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.text import Span, Text
from inbox.triage.words import lexicon

BEFORE = 4  # words
KNOWN = {
    "family",
    "type",
    "all",
    "near",
    "unless",
    "unless_before",
    "urgency",
    "confidence",
    "serious",
    "special",
    "found",
    "not_found",
}

Groups = tuple[str, ...]  # either of these


class BadRule(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    family: Family
    type: str
    all: tuple[Groups, ...]
    near: str | int
    unless: tuple[tuple[str, str], ...]  # a group, and where
    unless_before: Groups
    urgency: Urgency
    confidence: Confidence
    serious: bool
    special: str
    found: tuple[str, ...]
    not_found: tuple[str, ...]


def findings(subject: str, text: Text) -> Iterator[Finding]:
    """What the rules of one lexicon find: at most one finding a rule."""
    for rule in _worth_trying(subject, text.cues.keys()):
        if cues := _cues(rule, text):
            yield _finding(rule, cues)


def _worth_trying(subject: str, found: Set[str]) -> Iterator[Rule]:
    """Those whose heart is in the text."""
    by_heart = _by_heart(subject)
    numbers = {number for group in by_heart.keys() & found for number in by_heart[group]}
    return (rules(subject)[number] for number in sorted(numbers))


@cache
def _by_heart(subject: str) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules(subject)):
        for group in rule.all[0]:
            found[group].append(number)
    return dict(found)


def _finding(rule: Rule, cues: tuple[Cue, ...]) -> Finding:
    return Finding(
        family=rule.family,
        type=rule.type,
        start=min(cue.start for cue in cues),
        end=max(cue.end for cue in cues),
        confidence=rule.confidence,
        rule=rule.name,
        cues=cues,
        urgency=rule.urgency,
        serious=rule.serious,
        special=rule.special,
    )


def _cues(rule: Rule, text: Text) -> tuple[Cue, ...]:
    found = text.cues.keys()
    for either in rule.all[1:]:
        if found.isdisjoint(either):
            return ()
    for heart in text.any_of(rule.all[0]):
        cues = _together(rule, text, heart)
        if cues and not _spoken_against(rule, text, cues):
            return cues
    return ()


def _together(rule: Rule, text: Text, heart: Cue) -> tuple[Cue, ...]:
    """The heart and, of each other group, the nearest cue within reach. Empty when one is missing."""
    cues = [heart]
    for either in rule.all[1:]:
        within = [cue for cue in text.any_of(either) if not _shared(cue, heart) and _near(rule, text, heart, cue)]
        if not within:
            return ()
        cues.append(min(within, key=lambda cue: text.words_between(heart, cue)))
    return tuple(cues)


def _shared(one: Cue, other: Cue) -> bool:
    """The same words; or two ways of saying one thing that overlap, as they are one piece of evidence."""
    if one.kind == other.kind:
        return one.start < other.end and other.start < one.end
    return (one.start, one.end) == (other.start, other.end)


def _near(rule: Rule, text: Text, one: Cue, other: Cue) -> bool:
    if isinstance(rule.near, int):
        return text.words_between(one, other) <= rule.near
    return _inside(other, scope(text, rule.near, one.start))


def _spoken_against(rule: Rule, text: Text, cues: tuple[Cue, ...]) -> bool:
    return _is_before(rule.unless_before, text, cues[0]) or any(
        _inside(cue, scope(text, where, cues[0].start)) for group, where in rule.unless for cue in text.cues.get(group, ())
    )


def _is_before(groups: Groups, text: Text, cue: Cue) -> bool:
    clause = text.clause(cue.start)
    return any(
        clause.start <= word.start and word.end <= cue.start and text.words_between(word, cue) < BEFORE
        for word in text.any_of(groups)
    )


def scope(text: Text, name: str, at: int) -> Span:
    match name:
        case "clause":
            return text.clause(at)
        case "sentence":
            return text.sentence(at)
        case _:
            return Span(0, len(text.original))


def _inside(cue: Cue, span: Span) -> bool:
    return span.start <= cue.start < span.end


# --- reading them from the lexicons -----------------------------------------------------------------------


@cache
def rules(subject: str) -> tuple[Rule, ...]:
    family = Family(lexicon.subjects()[subject].get("family", Family.ROUTE))
    return tuple(_rule(subject, name, family, table) for name, table in lexicon.tables(subject, "rules").items())


def _rule(subject: str, name: str, family: Family, table: Mapping[str, Any]) -> Rule:
    if unknown := table.keys() - KNOWN:
        raise BadRule(f"{subject}.{name}: {', '.join(sorted(unknown))}")
    return Rule(
        name=f"{subject}.{name}",
        family=Family(table.get("family", family)),
        type=table["type"],
        all=tuple(_either(subject, *either.split("|")) for either in table["all"]),
        near=table.get("near", "sentence"),
        unless=tuple(against for written in _unless(subject, table) for against in _against(subject, written)),
        unless_before=_either(subject, *table.get("unless_before", ())),
        urgency=Urgency(table.get("urgency", Urgency.NONE)),
        confidence=Confidence(table.get("confidence", Confidence.HIGH)),
        serious=table.get("serious", False),
        special=table.get("special", ""),
        found=tuple(table.get("found", ())),
        not_found=tuple(table.get("not_found", ())),
    )


def _unless(subject: str, table: Mapping[str, Any]) -> list[str]:
    return [*lexicon.subjects()[subject].get("unless", ()), *table.get("unless", ())]


def _against(subject: str, written: str) -> Iterator[tuple[str, str]]:
    group, _, where = written.partition("@")
    return ((name, where or "sentence") for name in _either(subject, group))


def _either(subject: str, *groups: str) -> Groups:
    return tuple(name for group in groups for name in _named(group if "." in group else f"{subject}.{group}"))


def _named(group: str) -> Groups:
    names = tuple(name for name in lexicon.groups() if name == group or (group.endswith(".*") and name.startswith(group[:-1])))
    if not names:
        raise BadRule(f"no group {group}")
    return names
