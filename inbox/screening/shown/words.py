"""What people call the things that triage finds. In the order in which badges stand: the gravest first."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.models.safety.crises import KINDS
from inbox.triage.topics.names import LABELS as TOPICS
from inbox.triage.topics.names import Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Among badges, of a message as a whole: the rules failed on it; it is in neither French nor English.
UNREADABLE, ANOTHER_LANGUAGE = "unreadable", "language"

Labels = Mapping[str, "StrOrPromise"]

_CRISES: Labels = KINDS
_SAFETY: Labels = {
    Topic.ADVERSE_EVENT: TOPICS[Topic.ADVERSE_EVENT],
    Topic.DEVICE_INCIDENT: TOPICS[Topic.DEVICE_INCIDENT],
    Topic.PRODUCT_QUALITY: TOPICS[Topic.PRODUCT_QUALITY],
    UNREADABLE: _("Not read by the rules"),
}
IDENTIFIERS: Labels = {
    "ramq": _("Health-insurance number"),
    "sin": _("Social insurance number"),
    "ohip": _("Ontario health number"),
    "bc_phn": _("British Columbia health number"),
    "rx_number": _("Prescription number"),
    "record_number": _("Record number"),
    "dob": _("Date of birth"),
    "name": _("Name of a person"),
    "phone": _("Phone number"),
    "email": _("E-mail address"),
    "address": _("Street address"),
    "postal_code": _("Postal code"),
}
_ROUTES: Labels = {
    Topic.PRIVACY_INCIDENT: TOPICS[Topic.PRIVACY_INCIDENT],
    Topic.PRIVACY_REQUEST: TOPICS[Topic.PRIVACY_REQUEST],
    Topic.THIRD_PARTY_REQUEST: TOPICS[Topic.THIRD_PARTY_REQUEST],
    "legal": _("Legal threat"),
    Topic.MEDIA_REQUEST: TOPICS[Topic.MEDIA_REQUEST],
    Topic.OFF_LABEL: TOPICS[Topic.OFF_LABEL],
    Topic.MISINFORMATION: TOPICS[Topic.MISINFORMATION],
    "ad_complaint": _("Complaint about an advertisement"),
    ANOTHER_LANGUAGE: _("Another language"),
    Topic.MEDICAL_QUESTION: TOPICS[Topic.MEDICAL_QUESTION],
    Topic.REFILL: TOPICS[Topic.REFILL],
    Topic.ABUSE: TOPICS[Topic.ABUSE],
    Topic.SPAM: TOPICS[Topic.SPAM],
}
# In the order in which badges stand.
LABELS: Labels = {**_CRISES, **_SAFETY, **IDENTIFIERS, **_ROUTES}
_PLACES = {type_: place for place, type_ in enumerate(LABELS)}

SPECIAL: Labels = {
    "pregnancy": _("pregnancy or breast-feeding"),
    "overdose": _("overdose"),
    "misuse": _("misuse"),
    "medication_error": _("medication error"),
    "lack_of_effect": _("lack of effect"),
    "counterfeit": _("suspected counterfeit"),
    "animal": _("an animal"),
}

CUES: Labels = {
    "product": _("product"),
    "event": _("what happened"),
    "link": _("link"),
    "person": _("person"),
    "taken": _("was taken"),
    "use": _("use"),
    "question": _("question"),
}


def label(type_: str) -> str:
    return _said(LABELS, type_)


def tone(type_: str) -> str:
    """The colour of its badge."""
    if type_ in _CRISES:
        return "red"
    if type_ in _SAFETY:
        return "amber"
    return "accent" if type_ in IDENTIFIERS else "neutral"


def short(badges: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Label and colour of each, for a line of the list, which says of numbers only that there are some."""
    found = dict.fromkeys(
        (str(_("Personal information")), "accent") if badge in IDENTIFIERS else (label(badge), tone(badge)) for badge in badges
    )
    return tuple(found)


def special(name: str) -> str:
    return _said(SPECIAL, name)


def cue(kind: str) -> str:
    """As what some words counted; "" where the words say it themselves."""
    return str(CUES.get(kind, ""))


def place(type_: str) -> tuple[int, str]:
    """Where its badge stands among others."""
    return _PLACES.get(type_, len(_PLACES)), type_


def _said(labels: Labels, name: str) -> str:
    known: str | Promise = labels.get(name) or name.replace("_", " ")
    return str(known)
