"""Approved words with named fields, and the text they make. Pure: no ORM, no settings, no now().

A field is written `{name}`; every name there is stands in FIELDS, and in docs/template-fields.md. All else is locked.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.triage.help import help_lines

MAX_BODY = 3000
MAX_ANSWER = 200  # free words stay a slot in approved ones
MAX_FIRST_NAME = 40


class Filler(StrEnum):
    SYSTEM = "system"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str | Promise
    example: str  # in French
    example_en: str = ""  # where it differs
    filled_by: Filler = Filler.SYSTEM
    may_be_empty: bool = False


# Real numbers, never made-up ones: of Québec, as the table was last checked.
_NUMBERS = {
    language: help_lines.table().fields(help_lines.QUEBEC, language, on=help_lines.table().checked_on)
    for language in ("fr", "en")
}


def _help(kind: str, label: Promise) -> Field:
    name = f"help_{kind}"
    return Field(name, label, _NUMBERS["fr"][name], _NUMBERS["en"][name])


FIELDS = (
    Field("first_name", gettext_lazy("First name"), "Julie", may_be_empty=True),
    Field(
        "answer",
        gettext_lazy("Your answer"),
        "Oui, nous sommes ouverts lundi de 9 h à 17 h.",
        "Yes, we are open Monday, 9 am to 5 pm.",
        Filler.STAFF,
    ),
    Field("location_name", gettext_lazy("Name of the location"), "Pharmacie du Vieux-Quai"),
    Field("location_phone", gettext_lazy("Phone of the location"), "418 555-0101"),
    Field(
        "location_address",
        gettext_lazy("Address of the location"),
        "12, rue du Quai, Villefictive",
        "12 rue du Quai, Villefictive",
    ),
    Field("location_hours", gettext_lazy("Opening hours of the day"), "9 h à 21 h", "9 am to 9 pm"),
    Field(
        "booking_link",
        gettext_lazy("Link to book"),
        "https://exemple.example.com/rendez-vous",
        "https://exemple.example.com/booking",
    ),
    Field(
        "hours_link",
        gettext_lazy("Link to the opening hours"),
        "https://exemple.example.com/heures",
        "https://exemple.example.com/hours",
    ),
    Field(
        "private_link",
        gettext_lazy("Link to write in private"),
        "https://exemple.example.com/ecrire",
        "https://exemple.example.com/write",
    ),
    Field("signature", gettext_lazy("Signature"), "L’équipe du Vieux-Quai", "The Vieux-Quai team"),
    Field("organization_name", gettext_lazy("Name of the organization"), "Groupe Pharmacie du Quai"),
    _help("self_harm", gettext_lazy("Help lines: suicide")),
    _help("emergency", gettext_lazy("Help line: emergency")),
    _help("poisoning", gettext_lazy("Help line: poisoning")),
    _help("medication_error", gettext_lazy("Help lines: medication error")),
    _help("animals", gettext_lazy("Help line: animals")),
)
HELP = "{help_"  # how every field for whom to call begins, in a text
BY_NAME = {field.name: field for field in FIELDS}
EXAMPLES = {
    "fr": {field.name: field.example for field in FIELDS},
    "en": {field.name: field.example_en or field.example for field in FIELDS},
}


class UnknownField(ValueError):
    """The words ask for a field that does not exist."""


class MissingField(ValueError):
    """A field that may not be empty has no value."""


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Segment:
    kind: str  # locked, field
    text: str
    field: str = ""


# --- what the words ask for -----------------------------------------------------------------------------

_FIELD = re.compile(r"\{([^{}]*)\}")


def fields_in(body: str) -> tuple[str, ...]:
    """The names in the order they first appear, known or not."""
    return tuple(dict.fromkeys(_FIELD.findall(body)))


def check(body: str) -> list[Problem]:
    """What is wrong with these words, for the person who writes them."""
    return list(_problems(body))


def _problems(body: str) -> Iterator[Problem]:
    if not body.strip():
        yield Problem("empty", _("Write the text."))
    if len(body) > MAX_BODY:
        yield Problem("too_long", _("The text is too long: %(limit)d characters at most.") % {"limit": MAX_BODY})
    for name in fields_in(body):
        if name not in BY_NAME:
            yield Problem("unknown_field", _("There is no field called {%(name)s}.") % {"name": name})
    if re.search(r"[{}]", _FIELD.sub("", body)):
        yield Problem("unbalanced", _("A brace has no partner. A field is written like {first_name}."))
    if _FIELD.findall(body).count("answer") > 1:
        yield Problem("answer_twice", _("{answer} may stand in the text only once."))
    if any(_forbidden(character) for character in body):
        yield Problem("control", _("The text holds an invisible character that must go. Type it again instead of pasting it."))


def twins(body_fr: str, body_en: str) -> list[Problem]:
    """The French and the English words must ask for the same fields."""
    french, english = set(fields_in(body_fr)), set(fields_in(body_en))
    only_in = [(french - english, _("in the French text only")), (english - french, _("in the English text only"))]
    return [
        Problem("twins", _("{%(name)s} is %(where)s.") % {"name": name, "where": where})
        for names, where in only_in
        for name in sorted(names)
    ]


def check_values(body: str, values: Mapping[str, str]) -> list[Problem]:
    """What is wrong with what would be filled in, for the person who answers."""
    return list(_value_problems(body, values))


def _value_problems(body: str, values: Mapping[str, str]) -> Iterator[Problem]:
    for name in fields_in(body):
        field, value = BY_NAME.get(name), clean(values.get(name, ""))
        if field and not value and not field.may_be_empty:
            yield Problem("missing", _("Fill in: %(field)s.") % {"field": field.label})
        if name == "answer" and len(value) > MAX_ANSWER:
            yield Problem("answer_too_long", _("The answer is too long: %(limit)d characters at most.") % {"limit": MAX_ANSWER})
        if name == "first_name" and not _is_first_name(value):
            yield Problem("not_a_name", _("Only a first name can stand there."))


def _is_first_name(value: str) -> bool:
    """Whether it looks like one: else it would be a slot for words that nobody approved."""
    letters = (
        character.isalpha() or unicodedata.category(character).startswith("M") or character in " -'’." for character in value
    )
    return len(value) <= MAX_FIRST_NAME and len(value.split()) <= 3 and all(letters) and not re.search(r"\.\w", value)


# --- the text -------------------------------------------------------------------------------------------


def segments(body: str, values: Mapping[str, str] | None = None) -> list[Segment]:
    """Locked words and fields in their order. Without values a field is empty; nothing missing raises here."""
    body = _lines(body)
    filled = {name: clean(value, lines=name == "answer") for name, value in (values or {}).items()}
    if values is not None and not filled.get("first_name"):
        body = _without_first_name(body)
    # Odd parts of the split are names. One pass: what a value holds is never looked at again.
    parts = _FIELD.split(body)
    pieces = [
        Segment("field", filled.get(part, ""), part) if at % 2 else Segment("locked", part) for at, part in enumerate(parts)
    ]
    joined = [_joined(piece, pieces[at + 1].text) if piece.field else piece for at, piece in enumerate(pieces)]
    return [piece for piece in joined if piece.text or piece.field]


def render(body: str, values: Mapping[str, str]) -> str:
    """The text that leaves. Raises UnknownField, MissingField."""
    for name in fields_in(body):
        if name not in BY_NAME:
            raise UnknownField(name)
        if not clean(values.get(name, "")) and not BY_NAME[name].may_be_empty:
            raise MissingField(name)
    return _tidied("".join(segment.text for segment in segments(body, values)))


def _joined(field: Segment, after: str) -> Segment:
    """An answer without its full stop gets one, an answer with one does not get two."""
    text = field.text
    if after.startswith(".") and text.endswith(".") and not text.endswith(".."):
        return Segment(field.kind, text[:-1], field.field)
    sentence_ends = re.match(r"\s+[A-ZÀ-ÖØ-Þ]|\s*$", after)
    if field.field == "answer" and sentence_ends and text[-1:].isalnum() and "://" not in text.split()[-1]:
        return Segment(field.kind, text + ".", field.field)
    return field


# --- no certain first name ------------------------------------------------------------------------------

_GAP = "[ \u00a0\u202f]*"
_NAME_OPENS = re.compile(r"(^|[.!?…]\s+|\n)" + _GAP + r"\{first_name\}" + _GAP + r"[,!.:;]?" + _GAP + r"(\w?)")
_NAME_INSIDE = re.compile(r",?" + _GAP + r"\{first_name\}")


def _without_first_name(body: str) -> str:
    """“Bonjour {first_name},” → “Bonjour,”; “{first_name}, merci” → “Merci”."""
    opened = _NAME_OPENS.sub(lambda found: found[1] + found[2].upper(), body)
    return _NAME_INSIDE.sub("", opened)


def to_a_stranger(text: str, names: re.Pattern[str]) -> str:
    """Free words as they would read to somebody whose name is not known."""
    return _tidied(_without_first_name(names.sub("{first_name}", text))) if names.search(text) else text


# --- characters -----------------------------------------------------------------------------------------

# They turn the reading direction around and can make a text show other than it is.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff")


def _forbidden(character: str) -> bool:
    if character in "\n\r\t":
        return False
    return character in _DIRECTION or character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cs"}


def clean(value: str, *, lines: bool = False) -> str:
    """A value fit to stand in a text: no control characters, one line unless `lines`, composed accents."""
    value = "".join(character for character in _lines(value) if not _forbidden(character))
    if not lines:
        value = value.replace("\n", " ")
    return _tidied(unicodedata.normalize("NFC", value))


def _lines(text: str) -> str:
    return re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text).replace("\t", " ")


def _tidied(text: str) -> str:
    """No doubled or trailing spaces. A no-break space before : ! ? stays as it was written."""
    text = re.sub(r" *([\u00a0\u202f]) *", r"\1", text)
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r" *\n *", "\n", text)
    text = re.sub(r"([!?…])\.(?=\s|$)", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
