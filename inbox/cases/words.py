"""What people are told to do where a message tells of harm, a defect, a failed device or an error: a duty for who makes the
product, an offer for a pharmacy or a clinic."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_WORDS_FOR_IT = _("Answer with an approved template on adverse events. Judge no cause, change no treatment in writing.")
_PASS_ON = _("Pass it on to those who answer for safety, within 24 hours, and say so on the case.")
_NOTE = _("Note on the case the number that comes back, and the day on which an authority was told.")
_KEEP = _("Ask the person to keep the product and its package, and for the lot, the expiry date and a photo.")
_KEEP_DEVICE = _("Ask the person to keep the device, and for its name, its number, when it happened and what came of it.")
_CALL = _("A pharmacist speaks with the person, and learns what was handed out, what was taken and when.")
_REGISTER = _("Enter it in your register of incidents, and tell the prescriber where it matters.")
_ANOTHERS = _("If they received what was meant for somebody else, tell your privacy officer as well.")

_RECALLED = _("See whether the product was recalled.")
_ASK = _("Ask for what is missing: who tells of it, to whom it happened, which product, what happened. Twice at most.")
_SPEAKS = _("A pharmacist speaks with the person.")
_VIGILANCE = _("Offer to report it to Canada Vigilance with them, and note what came of it on the case.")
_MAKER = _("Offer to tell its maker, and note it on the case.")
_DOES_WITHOUT = _("A pharmacist finds out how the person does without it.")
_HEALTH_CANADA = _("Offer to report it to Health Canada.")

# Where there is a duty to report, and where there is none.
STEPS: "dict[str, tuple[tuple[StrOrPromise, ...], tuple[StrOrPromise, ...]]]" = {
    "adverse_event": ((_WORDS_FOR_IT, _ASK, _PASS_ON, _NOTE), (_WORDS_FOR_IT, _SPEAKS, _VIGILANCE)),
    "product_quality": ((_KEEP, _RECALLED, _PASS_ON), (_KEEP, _RECALLED, _MAKER)),
    "device_incident": ((_KEEP_DEVICE, _PASS_ON, _NOTE), (_KEEP_DEVICE, _DOES_WITHOUT, _HEALTH_CANADA)),
    "medication_error": ((_CALL, _PASS_ON, _ANOTHERS), (_CALL, _REGISTER, _ANOTHERS)),
}


def steps(type_: str, *, duty: bool) -> "tuple[StrOrPromise, ...]":
    """None where no case is opened."""
    owed, offered = STEPS.get(type_, ((), ()))
    return owed if duty else offered
