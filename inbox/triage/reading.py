"""Everything that triage says of one message."""

import gc
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from inbox.triage import abroad, crisis, identifiers, network, routes, safety, topics, transformer
from inbox.triage.crisis import learned
from inbox.triage.findings import Context, Family, Finding, RankedTopic, Reading
from inbox.triage.text import Text
from inbox.triage.topics import weights
from inbox.triage.topics.names import Topic
from inbox.triage.topics.rules import topic_of
from inbox.triage.urgency import urgency
from inbox.triage.words import lexicon
from inbox.triage.writer.first_name import first_name
from inbox.triage.writer.language import detect
from inbox.triage.writer.language import warm_up as warm_up_languages

RULES = 17  # to be raised when the code, and not only a word list, judges otherwise

LONGEST = 10_000  # letters: no platform lets people write more but as an attack, and some questions take their square

LETTER, OUR_LETTER = re.compile(r"[^\W\d_]"), re.compile("[a-z]")

EVERYDAY = weights.CORPUS / "everyday.jsonl"
MET_FIRST = 150  # messages


def read(original: str, context: Context) -> Reading:
    text = Text(original[:LONGEST])
    whole = len(original) <= LONGEST
    # Identifiers are masked wherever they stand.
    findings = find(text, context) if whole else _in_order({*_findings(text, context), *identifiers.find(original, context)})
    language = detect(text.original) or context.page_language
    return Reading(
        language=language,
        first_name=first_name(context.author),
        urgency=urgency(findings, context),
        ranking=_ranking(text, context, findings, language),
        findings=findings,
        version=version(),
        whole=whole,
    )


def find(text: Text, context: Context) -> tuple[Finding, ...]:
    """What the detectors find, in the order of the text."""
    return _in_order(_findings(text, context))


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(set(findings), key=lambda finding: (finding.start, finding.end, finding.rule)))


def warm_up() -> None:
    """Load the word lists and the weights, and meet the commonest words, which takes seconds, before somebody waits for it."""
    warm_up_languages()
    with EVERYDAY.open(encoding="utf-8") as lines:
        for line in islice(lines, MET_FIRST):
            read(json.loads(line)["text"], Context(author="Julie Exemple"))
    # All of it lives as long as the process: looking through it for garbage held up the first message for a fifth of a second.
    gc.collect()
    gc.freeze()


def _ranking(text: Text, context: Context, findings: tuple[Finding, ...], language: str) -> tuple[RankedTopic, ...]:
    """Who writes in a third language needs somebody who reads it before anything else but danger that was understood."""
    ranked = topics.rank(text, context, findings)
    crises = [finding for finding in findings if finding.family is Family.CRISIS]
    if not any(map(abroad.is_told, findings)) and (language != "other" or crises):
        return ranked
    endangering = {topic_of(crisis) for crisis in crises}
    leading = [one for one in ranked if one.topic in endangering]
    others = [one for one in ranked if one.topic not in {*endangering, Topic.LANGUAGE}]
    return (*leading, RankedTopic(Topic.LANGUAGE, 1.0), *others)[: topics.SHOWN]


def _findings(text: Text, context: Context) -> Iterator[Finding]:
    pointing = tuple(identifiers.find(text.original, context))
    yield from pointing
    told_abroad = tuple(abroad.find(text))
    crises = (*crisis.find(text, pointing), *(finding for finding in told_abroad if finding.family is Family.CRISIS))
    harms = (*safety.find(text, context, crises), *(finding for finding in told_abroad if finding.family is Family.SAFETY))
    # What is learned knows no other language, and none of its letters.
    more = () if told_abroad or _is_in_other_letters(text) else tuple(crisis.second_opinion(text, (*crises, *harms), pointing))
    yield from (*crises, *harms, *more)
    if more and not any(harm.type == "adverse_event" for harm in harms):
        yield from safety.of_crises(text, context, more)
    yield from routes.find(text, context)


def _is_in_other_letters(text: Text) -> bool:
    return bool(LETTER.search(text.folded)) and not OUR_LETTER.search(text.folded)


@cache
def version() -> str:
    taught = (
        weights.learned().digest,
        safety.learned.digest(),
        learned.digest(),
        network.learned().digest,
        transformer.learned().digest,
    )
    return f"{RULES}-{lexicon.version()}-{hashlib.sha256(' '.join(taught).encode()).hexdigest()[:16]}"
