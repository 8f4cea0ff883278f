"""What may not leave: health numbers, confirming that somebody is a patient, drug claims … Pure: no ORM, no settings, no now().

BLOCK: it cannot be sent. WARN: somebody must say that it is right all the same. The rules are told in docs/template-fields.md.
What is ours (our phone, our address, our links) is passed in `allowed` and never a finding.
"""

import re
from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from inbox.triage.help import help_lines
from responses.guard.findings import Around, Finding, Level, Rule, Span
from responses.guard.rules import RULES

__all__ = ["HELP_LINE", "LANGUAGE", "RULES", "Around", "Finding", "Level", "Rule", "check", "without", "written"]

ALONE = Around()


def check(
    text: str,
    *,
    public: bool,
    allowed: Collection[str] = (),
    advises: bool = False,
    of_harm: bool = False,
    elsewhere: Collection[str] = (),
    around: Around = ALONE,
) -> list[Finding]:
    """What stands against sending this text, in its order.

    advises: who sends it may advise on a treatment. of_harm: it answers somebody who tells of an adverse event.
    elsewhere: it answers somebody in danger, and these help lines are not of this place. around: what it is read with.
    """
    shown = without(text, allowed)
    found = [
        Finding(level, rule.code, span, rule.message)
        for rule in RULES
        if (level := rule.level(public=public, advises=advises, of_harm=of_harm))
        for span in rule.find(shown, around)
    ]
    found += [Finding(Level.WARN, HELP_LINE, span, _OF_ELSEWHERE) for span in written(text, elsewhere)]
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def without(text: str, allowed: Collection[str]) -> str:
    """The text with what is ours, and what is everybody's, blanked out; every position stays where it was."""
    for ours in sorted({*allowed, *help_lines.numbers()}, key=len, reverse=True):
        if len(ours.strip()) > 2:
            text = re.sub(_loosely(ours.strip()), lambda found: " " * len(found[0]), text, flags=re.IGNORECASE)
    return text


HELP_LINE, LANGUAGE = "help_line", "language"  # of no rule: they are told by who knows the place, and the person
_OF_ELSEWHERE = _("This help line is not one of this place: make sure that it answers there, or take it out.")


def written(text: str, numbers: Collection[str]) -> Iterator[Span]:
    """Where these numbers stand in a text, however they are spaced."""
    return (found.span() for number in numbers for found in re.finditer(_loosely(number), text))


def _loosely(ours: str) -> str:
    """A phone number is the same number however it is spaced."""
    digits = re.sub(r"\D", "", ours)
    if len(digits) >= 10 and not re.search(r"[^\W\d]", ours):
        return r"(?<!\d)(?:\+?1[ .-]?)?\(?" + r"[ .()\u00a0-]*".join(digits[-10:]) + r"(?!\d)"
    # “example.com” is not “example.com.elsewhere.net”.
    return r"(?<![\w-])" + re.escape(ours) + r"(?![\w-]|[.@]\w)"
