"""Everything that triage says of one message."""

from collections.abc import Callable, Iterator
from functools import cache

from inbox.triage import crisis, lexicon, safety
from inbox.triage.findings import Context, Finding, Reading
from inbox.triage.first_name import first_name
from inbox.triage.language import detect
from inbox.triage.text import Text
from inbox.triage.urgency import urgency

RULES = 1  # to be raised when the code, and not only a word list, judges otherwise
FINDERS: tuple[Callable[[Text, Context], Iterator[Finding]], ...] = (crisis.find, safety.find)


def read(original: str, context: Context) -> Reading:
    text = Text(original)
    found = {finding for find in FINDERS for finding in find(text, context)}
    findings = tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule)))
    return Reading(
        language=detect(original) or context.page_language,
        first_name=first_name(context.author),
        urgency=urgency(findings, context),
        findings=findings,
        version=version(),
    )


@cache
def version() -> str:
    return f"{RULES}-{lexicon.version()}"
