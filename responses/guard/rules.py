"""The rules: what each one finds, how bad that is, and what to do about it. Pure."""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from inbox.triage.identifiers.numbers import products
from responses.guard import advising, care, naming, offers, promoting
from responses.guard.findings import Around, Find, Level, Rule, Span


def _on_its_own(find: Callable[[str], Iterator[Span]]) -> Find:
    """A rule that reads the text alone."""
    return lambda text, _around: find(text)


def _identifiers(*types: str) -> Find:
    return _on_its_own(lambda text: ((start, end) for kind, start, end in naming.identified(text) if kind in types))


def _matching(pattern: str, flags: int = re.IGNORECASE) -> Find:
    compiled = re.compile(pattern.replace("'", "['’]"), flags)
    return _on_its_own(lambda text: (found.span() for found in compiled.finditer(text)))


_DOSES = _matching(care.ADVISES)


def _advice(text: str, around: Around) -> Iterator[Span]:
    """Each piece once, though it may be told both ways."""
    told = [*advising.find(text)]
    yield from told
    yield from (span for span in _DOSES(text, around) if not any(span[0] < end and start < span[1] for start, end in told))


_GREETING = re.compile(r"(?:^|[.!?…,]\s+|\n\s*)(bonjour|bonsoir|allô|allo|salut|hello|hi|hey)\b", re.IGNORECASE)


def _second_greetings(text: str, _around: Around) -> Iterator[Span]:
    return (found.span(1) for found in [*_GREETING.finditer(text)][1:])


def _shouting(text: str, _around: Around) -> Iterator[Span]:
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
# Each message says what is wrong and what to do. The words it stumbled over are shown behind it.
RULES = (
    Rule(
        "health_number",
        _("A health insurance number is never sent: take it out."),
        _identifiers("ramq", "ohip", "bc_phn"),
    ),
    Rule("sin", _("A social insurance number is never sent: take it out."), _identifiers("sin")),
    Rule("rx_number", _("A prescription number is never sent: take it out."), _identifiers("rx_number")),
    Rule("record_number", _("A file number is never sent: take it out."), _identifiers("record_number")),
    Rule("birth_date", _("A date of birth is never sent: take it out."), _identifiers("dob")),
    Rule(
        "name",
        _("Somebody is named who was named above, and everybody would read it again: take it out, and say “this person”."),
        naming.repeated_people,
        private=None,
    ),
    Rule(
        "name",
        _("This looks like somebody’s name. If they are not of the team, take it out, and say “this person”."),
        naming.people,
        public=Level.WARN,
        private=Level.WARN,
    ),
    Rule(
        "phone",
        _("This phone number is not one of ours: take it out, or give that of the location."),
        _identifiers("phone"),
        private=Level.WARN,
    ),
    Rule("email", _("This e-mail address is not one of ours: take it out."), _identifiers("email"), private=Level.WARN),
    Rule("postal_code", _("This postal code is not ours: take it out."), _identifiers("postal_code"), private=Level.WARN),
    Rule("address", _("This address is not ours: take it out."), _identifiers("address"), private=Level.WARN),
    Rule(
        "din",
        _("A drug identification number may not stand in a public reply: take it out."),
        _on_its_own(products.medicines),
        private=None,
    ),
    Rule(
        "confirms",
        _("This says that the person is our patient: say it as you would to anybody."),
        _matching(_CONFIRMS),
        private=Level.WARN,
    ),
    Rule(
        "denies",
        _("To say that somebody is not our patient tells as much as to say that they are: ask them to call us instead."),
        _matching(_DENIES),
    ),
    Rule(
        "drug_name",
        _("A public reply may not name a prescription drug, not even one that the person named: say “this medicine”."),
        naming.on_prescription,
        private=None,
    ),
    Rule(
        "own_claim",
        _(
            "Beside the name of your product stands what it does, how safe it is, or an illness: that is advertising. "
            "Take out the name or these words, or pass the question on to medical information."
        ),
        promoting.claims,
        private=Level.WARN,
    ),
    Rule(
        "own_linked",
        _(
            "The post or a comment above speaks of an illness: to name your product below it is advertising. "
            "Take out its name, or go on in private."
        ),
        promoting.links,
        private=None,
    ),
    Rule(
        "own_use",
        _(
            "For whom your product is, and how much of it, is told by medical information and not by a reply: "
            "take this out, and say how to reach them."
        ),
        promoting.persons_and_doses,
        private=Level.WARN,
    ),
    Rule(
        "own_compared",
        _("A reply compares your product with no other: take the comparison out."),
        promoting.comparisons,
        private=Level.WARN,
    ),
    Rule(
        "own_echo",
        _("Your product is named above, and this seems to praise it: thank the person without saying what it does."),
        promoting.echoes,
        public=Level.WARN,
        private=None,
    ),
    Rule(
        "advice",
        _("Advice on a treatment is given by a pharmacist, in private: ask the person to call."),
        _advice,
        advised=Level.WARN,
    ),
    Rule(
        "diagnosis",
        _("What somebody has is said by a pharmacist, in private: ask the person to call."),
        _matching(care.DIAGNOSES),
        advised=Level.WARN,
    ),
    Rule(
        "cause",
        _("No reply judges what caused an adverse event: thank the person, and ask them to call."),
        _matching(care.JUDGES_A_CAUSE),
        of_harm=True,
    ),
    Rule(
        "rebate",
        _("A rebate or a gift may not be offered on a medicine: take it out."),
        offers.rebates,
        private=Level.WARN,
    ),
    Rule(
        "rebate",
        _("You offer a rebate or a gift: make sure that it is not on a medicine."),
        offers.offers,
        public=Level.WARN,
        private=Level.WARN,
    ),
    Rule(
        "claim",
        _("A medicine is named, and this promises too much of it: take the promise out."),
        offers.promises_of_a_product,
        private=Level.WARN,
    ),
    Rule("claim", _("This promises too much: say it more plainly."), offers.promises, public=Level.WARN, private=Level.WARN),
    Rule(
        "placeholder",
        _("A field is not filled in: take the braces out, or choose the template again."),
        _matching(r"\{[^{}]*\}|[{}]"),
    ),
    Rule(
        "link",
        _("This link is not one of ours: make sure that it leads where it should, or take it out."),
        _matching(r"(?:https?://|www\.)\S+"),
        public=Level.WARN,
        private=Level.WARN,
    ),
    Rule(
        "shouting",
        _("Whole words in capitals read like shouting: write them small."),
        _shouting,
        public=Level.WARN,
        private=Level.WARN,
    ),
    Rule(
        "exclamation", _("One exclamation mark is enough."), _matching(r"[!?]*!{2,}[!?]*"), public=Level.WARN, private=Level.WARN
    ),
    Rule(
        "greeting",
        _("It greets twice: take the second greeting out."),
        _second_greetings,
        public=Level.WARN,
        private=Level.WARN,
    ),
    Rule(
        "blame",
        _("This sounds like a reproach: say what the person can do now."),
        _matching(
            r"vous auriez dû|vous aviez (?:juste|seulement) qu'à|comme déjà dit|you should have|as already (?:said|mentioned)"
        ),
        public=Level.WARN,
        private=Level.WARN,
    ),
)
