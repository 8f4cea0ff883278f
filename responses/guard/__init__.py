"""What may not leave: health numbers, confirming that somebody is a patient, drug claims … Pure: no ORM, no settings, no now().

BLOCK: it cannot be sent. WARN: somebody must say that it is right all the same. The rules are told in docs/template-fields.md.
What is ours (our phone, our address, our links) is passed in `allowed` and never a finding.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.triage import identifiers
from inbox.triage.help import help_lines
from inbox.triage.identifiers.numbers import products
from inbox.triage.lexicons import fold, words
from responses.guard import advising, care


class Level(StrEnum):
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    code: str
    span: tuple[int, int]
    message: str | Promise


@dataclass(frozen=True, slots=True)
class Rule:
    """`public` and `private` say how bad it is there; None: it may.

    advised: in private, by whoever may advise on a treatment. of_harm: only where the person tells of an adverse event.
    """

    code: str
    message: str | Promise
    find: Callable[[str], Iterator[tuple[int, int]]]
    public: Level | None = Level.BLOCK
    private: Level | None = Level.BLOCK
    advised: Level | None = None
    of_harm: bool = False

    def level(self, *, public: bool, advises: bool, of_harm: bool) -> Level | None:
        if self.of_harm and not of_harm:
            return None
        if public:
            return self.public
        return self.advised if advises and self.advised else self.private


def check(
    text: str,
    *,
    public: bool,
    allowed: Collection[str] = (),
    advises: bool = False,
    of_harm: bool = False,
    elsewhere: Collection[str] = (),
) -> list[Finding]:
    """What stands against sending this text, in its order.

    advises: who sends it may advise on a treatment. of_harm: it answers somebody who tells of an adverse event.
    elsewhere: it answers somebody in danger, and these help lines are not of this place.
    """
    shown = _without(text, allowed)
    found = [
        Finding(level, rule.code, span, rule.message)
        for rule in RULES
        if (level := rule.level(public=public, advises=advises, of_harm=of_harm))
        for span in rule.find(shown)
    ]
    found += [Finding(Level.WARN, HELP_LINE, span, _OF_ELSEWHERE) for span in written(text, elsewhere)]
    return sorted(found, key=lambda finding: (finding.span, finding.code))


def _without(text: str, allowed: Collection[str]) -> str:
    """The text with what is ours, and what is everybody's, blanked out; every position stays where it was."""
    for ours in sorted({*allowed, *help_lines.numbers()}, key=len, reverse=True):
        if len(ours.strip()) > 2:
            text = re.sub(_loosely(ours.strip()), lambda found: " " * len(found[0]), text, flags=re.IGNORECASE)
    return text


HELP_LINE = "help_line"
_OF_ELSEWHERE = _("This help line is not one of this place.")


def written(text: str, numbers: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where these numbers stand in a text, however they are spaced."""
    return (found.span() for number in numbers for found in re.finditer(_loosely(number), text))


def _loosely(ours: str) -> str:
    """A phone number is the same number however it is spaced."""
    digits = re.sub(r"\D", "", ours)
    if len(digits) >= 10 and not re.search(r"[^\W\d]", ours):
        return r"(?<!\d)(?:\+?1[ .-]?)?\(?" + r"[ .()\u00a0-]*".join(digits[-10:]) + r"(?!\d)"
    # “example.com” is not “example.com.elsewhere.net”.
    return r"(?<![\w-])" + re.escape(ours) + r"(?![\w-]|[.@]\w)"


# --- finders --------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)  # one reading of a text serves every rule
def _read(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((found.type, found.start, found.end) for found in identifiers.find_anybodys(text))


def _identifiers(*types: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    def find(text: str) -> Iterator[tuple[int, int]]:
        return ((start, end) for kind, start, end in _read(text) if kind in types)

    return find


def _matching(pattern: str, flags: int = re.IGNORECASE) -> Callable[[str], Iterator[tuple[int, int]]]:
    compiled = re.compile(pattern.replace("'", "['’]"), flags)

    def find(text: str) -> Iterator[tuple[int, int]]:
        return (found.span() for found in compiled.finditer(text))

    return find


_WORD = re.compile(r"[^\W\d_]{3,}")
_MEDICINE = re.compile(
    r"m[ée]dicaments?|ordonnances?|prescriptions?|medicines?|medications?|pilules?|pills?|vaccins?|vaccines?", re.IGNORECASE
)
_REBATE = re.compile(
    r"rabais|promo(?:tion)?s?|soldes?|points\b|gratuit\w*|cadeau|discounts?|coupons?|\bsale\b|\bfree\b|\d+ ?%", re.IGNORECASE
)
_SUPERLATIVE = re.compile(
    r"garanti\w*|miracle|100 ?%|sans effets? secondaires?|l[ea] meilleure?\b|gu[ée]ri[rst]*\b"
    r"|guaranteed?|\bcures?\b|no side effects?|safest|\bthe best\b",
    re.IGNORECASE,
)
NEAR = 60


def _drug_names(text: str) -> Iterator[tuple[int, int]]:
    known = words("rx_names", "names")
    return (found.span() for found in _WORD.finditer(text) if fold(found[0]) in known)


def _rebates(text: str) -> Iterator[tuple[int, int]]:
    """A rebate word within NEAR characters of a medicine."""
    medicines = [*_drug_names(text), *(found.span() for found in _MEDICINE.finditer(text))]
    for found in _REBATE.finditer(text):
        if any(start - NEAR <= found.end() and found.start() <= end + NEAR for start, end in medicines):
            yield found.span()


def _superlatives(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _SUPERLATIVE.finditer(text))


_DOSES = _matching(care.ADVISES)


def _advice(text: str) -> Iterator[tuple[int, int]]:
    """Each piece once, though it may be told both ways."""
    told = [*advising.find(text)]
    yield from told
    yield from (span for span in _DOSES(text) if not any(span[0] < end and start < span[1] for start, end in told))


_GREETING = re.compile(r"(?:^|[.!?…,]\s+|\n\s*)(bonjour|bonsoir|allô|allo|salut|hello|hi|hey)\b", re.IGNORECASE)


def _second_greetings(text: str) -> Iterator[tuple[int, int]]:
    return (found.span(1) for found in [*_GREETING.finditer(text)][1:])


def _shouting(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in re.finditer(r"\b[A-ZÀ-ÖØ-Þ]{3,}(?:[ \u00a0'’-]+[A-ZÀ-ÖØ-Þ]{2,}){2,}\b", text))


# --- rules ----------------------------------------------------------------------------------------------

_YOURS = r"(?:votre|vos|ton|tes)"
_CONFIRMS = "|".join(
    [
        _YOURS + r" dossiers?",
        _YOURS + r" (?:ordonnances?|prescriptions?|médicaments?|renouvellements?|piluliers?)(?: (?:est|sont|sera|seront|chez)\b)",
        r"(?:lors de |depuis |après )?" + _YOURS + r" dernières? visites?|lors de " + _YOURS + r" visites?",
        r"(?:comme|puisque) vous êtes (?:un |une |notre )?(?:client|patient)\w*|en tant que (?:client|patient)\w*",
        r"on se souvient (?:bien )?de vous|nous nous souvenons (?:bien )?de vous",
        r"(?:content|heureux|ravi)\w*(?:-\w+)? de (?:vous avoir|t'avoir) (?:servi|aidé|vacciné|soigné)\w*",
        r"your (?:files?|records?|charts?)\b",
        r"your (?:prescriptions?|medications?|medicines?|refills?|pills?) (?:is|are|was|were|has|have|will)\b",
        r"as (?:our|a) (?:patient|client|customer)|you are (?:our|a) (?:patient|client)|your last visit|during your visit",
        r"glad we could help you with|we remember you",
    ]
)
_DENIES = (
    r"vous n'êtes pas (?:un |une |notre )?(?:client|patient)\w*|(?:on n'a|nous n'avons) (?:pas|aucun) (?:de )?dossier"
    r"|aucun dossier à (?:votre|ce) nom|you are not (?:our|a) (?:patient|client|customer)"
    r"|(?:we have|there is) no record of (?:you|him|her|them)|no file under (?:your|that) name"
)
RULES = (
    Rule("health_number", _("A health insurance number must not be sent."), _identifiers("ramq", "ohip", "bc_phn")),
    Rule("sin", _("A social insurance number must not be sent."), _identifiers("sin")),
    Rule("rx_number", _("A prescription number must not be sent."), _identifiers("rx_number")),
    Rule("record_number", _("A file number must not be sent."), _identifiers("record_number")),
    Rule("birth_date", _("A date of birth must not be sent."), _identifiers("dob")),
    Rule("phone", _("This phone number is not one of ours."), _identifiers("phone"), private=Level.WARN),
    Rule("email", _("This e-mail address is not one of ours."), _identifiers("email"), private=Level.WARN),
    Rule("postal_code", _("This postal code is not ours."), _identifiers("postal_code"), private=Level.WARN),
    Rule("address", _("This address is not ours."), _identifiers("address"), private=Level.WARN),
    Rule("din", _("A drug identification number may not stand in a public reply."), products.medicines, private=None),
    Rule("confirms", _("This tells everybody that the person is our patient."), _matching(_CONFIRMS), private=Level.WARN),
    Rule("denies", _("To say that somebody is not our patient tells as much as to say that they are."), _matching(_DENIES)),
    Rule(
        "drug_name",
        _("A public reply may not name a prescription drug, not even one that the person named."),
        _drug_names,
        private=None,
    ),
    Rule("advice", _("Advice on a treatment is given by a pharmacist, in private."), _advice, advised=Level.WARN),
    Rule("diagnosis", _("What somebody has is said by a pharmacist, in private."), _matching(care.DIAGNOSES), advised=Level.WARN),
    Rule("cause", _("No reply judges what caused an adverse event."), _matching(care.JUDGES_A_CAUSE), of_harm=True),
    Rule("rebate", _("A rebate or a gift may not be offered on a medicine."), _rebates, private=Level.WARN),
    Rule("claim", _("This promises too much."), _superlatives, public=Level.WARN, private=Level.WARN),
    Rule("placeholder", _("A field is not filled in."), _matching(r"\{[^{}]*\}|[{}]")),
    Rule("link", _("This link is not one of ours."), _matching(r"(?:https?://|www\.)\S+"), public=Level.WARN, private=Level.WARN),
    Rule("shouting", _("Whole words in capitals read like shouting."), _shouting, public=Level.WARN, private=Level.WARN),
    Rule(
        "exclamation", _("One exclamation mark is enough."), _matching(r"[!?]*!{2,}[!?]*"), public=Level.WARN, private=Level.WARN
    ),
    Rule("greeting", _("It greets twice."), _second_greetings, public=Level.WARN, private=Level.WARN),
    Rule(
        "blame",
        _("This sounds like a reproach."),
        _matching(
            r"vous auriez dû|vous aviez (?:juste|seulement) qu'à|comme déjà dit|you should have|as already (?:said|mentioned)"
        ),
        public=Level.WARN,
        private=Level.WARN,
    ),
)
