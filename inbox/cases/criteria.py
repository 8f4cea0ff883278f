"""The four criteria of a case, and what the message says of each by itself: found, to be confirmed. Only a person knows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inbox.models import Finding, SafetyCase
from inbox.screening.shown import erased, explaining

REPORTER, PATIENT, PRODUCT, REACTION = CRITERIA = ("reporter", "patient", "product", "reaction")
Known = SafetyCase.Known

# What the rules call the words that speak for a criterion: the longest beginning of it counts.
SAID_BY = {
    "person": PATIENT,
    "product": PRODUCT,
    "products.": PRODUCT,
    "devices.device": PRODUCT,
    "event": REACTION,
    "quality.": REACTION,
    "devices.": REACTION,
    "devices.number": "",  # what it showed; that alone says nothing
    "medication_errors.": REACTION,
}


@dataclass(frozen=True, slots=True)
class Criterion:
    name: str
    label: str
    known: str  # as a person said; until then as the message does
    found: str  # where, in words; "" where it was not

    @property
    def known_label(self) -> str:
        return str(Known(self.known).label)


def of(case: SafetyCase, findings: Iterable[Finding], *, unmasked: bool, kept: Sequence[erased.Kept] = ()) -> list[Criterion]:
    """kept: what was erased of the message, where the reader sees it."""
    author = case.message.conversation.contact
    named = (author and author.name) or any(each.author for each in kept)
    found = {REPORTER: _("Found: whoever wrote the message, by name.") if named else ""}
    texts, quotes = erased.texts(case.message) if kept else [], dict[str, list[str]]()
    for name, quote in _quotes(case, findings, unmasked, texts):
        quotes.setdefault(name, []).append(_("“%(words)s”") % {"words": quote})
    for name, those in quotes.items():
        found[name] = _("Found in the message: %(quotes)s") % {"quotes": ", ".join(dict.fromkeys(those))}
    return [
        Criterion(name, _label(name), _known(case, name, found=bool(found.get(name))), found.get(name, "")) for name in CRITERIA
    ]


def _quotes(case: SafetyCase, findings: Iterable[Finding], unmasked: bool, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for finding in findings:
        if finding.removed_at is None:
            for kind, quote in explaining.told(finding, case.message, unmasked=unmasked, kept=texts):
                begins = max((each for each in SAID_BY if kind.startswith(each)), key=len, default="")
                if name := SAID_BY.get(begins):
                    yield name, quote


def _known(case: SafetyCase, name: str, *, found: bool) -> str:
    said: str = getattr(case, name)
    return Known.FOUND if found and case.checked_at is None and said == Known.ASK else said


def _label(name: str) -> str:
    return str(SafetyCase._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
