"""What people are told to do where somebody may be in danger, by kind."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from inbox.models.safety.crises import KINDS
from inbox.screening.shown.words import label as name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["GRAVEST_FIRST", "name", "rank", "steps", "title"]

GRAVEST_FIRST = tuple(KINDS)

TITLES: "dict[str, StrOrPromise]" = {
    "self_harm": _("This person may want to end their life"),
    "emergency": _("This may be a medical emergency"),
    "poisoning": _("This may be a poisoning"),
    "medication_error": _("A medication error may have reached someone"),
    "threat": _("This may be a threat"),
}

STEPS: "dict[str, tuple[StrOrPromise, ...]]" = {
    "self_harm": (
        _("Answer now with the approved template: it gives the help lines."),
        _("Do not judge, do not promise secrecy, do not say that you understand how they feel."),
        _("If they say where they are and the danger is immediate, call 911 yourself."),
    ),
    "emergency": (
        _("Answer now with the approved template: call 911, do not wait for us."),
        _("If they say where they are, call 911 yourself."),
    ),
    "poisoning": (
        _("Answer now with the approved template: it gives the poison centre."),
        _("If somebody is unconscious or breathes badly: 911."),
        _("For an animal: a veterinarian, not the poison centre."),
    ),
    "medication_error": (
        _("A pharmacist calls the person now, and says what to do with what they received."),
        _("Answer with the approved template, in private. Find out what was taken, and when."),
        _("If they received what was meant for somebody else, tell your privacy officer as well."),
    ),
    "threat": (
        _("Do not answer. A manager decides what is done."),
        _("Do not delete or hide anything: it is evidence."),
        _("If the danger is immediate, call 911."),
    ),
}

# Where nobody can be written to in private: what is possible there instead.
IN_PUBLIC: "dict[str, tuple[StrOrPromise, ...]]" = {
    "medication_error": (
        _("Nobody can be written to in private here. Answer in public with the approved template: ask them to call now."),
        _("Say nothing there about health: everybody reads it."),
        _("A pharmacist finds out who it may be, and calls them if they are known here. Find out what was taken, and when."),
        _("If they received what was meant for somebody else, tell your privacy officer as well."),
    ),
}


def steps(kind: str, *, private: bool) -> "tuple[StrOrPromise, ...]":
    """What to do, in order. private: whether the person can be written to where nobody else reads it."""
    return (not private and IN_PUBLIC.get(kind)) or STEPS.get(kind, ())


def title(kind: str) -> str:
    return str(TITLES.get(kind) or _("Somebody may be in danger"))


def rank(kind: str) -> int:
    return GRAVEST_FIRST.index(kind) if kind in GRAVEST_FIRST else len(GRAVEST_FIRST)
