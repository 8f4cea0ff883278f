"""What people are told to do where a message is somebody else's work: compliance's, privacy's, a manager's."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from inbox.triage.topics.names import Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PHARMACIST = _("A pharmacist answers in private. In public, say nothing of the use or of the dose.")
_INFORMATION = _("Medical information answers in private. In public, say nothing of the use or of the dose.")
_UNSOLICITED = _("Leave this badge on: it shows that the question came unsolicited.")
_ONE_ANSWER = _("One calm answer with an allowed link, and no debate. At most one more after it.")
_COMPLIANCE = _("Pass it on to compliance before anything is answered.")
_WHO_ASKS = _("Pass it on to the privacy officer, who checks who is asking.")
_PHARMACY_RECORD = _("Of the record of a pharmacy, the answer is due within 15 days.")
_NEITHER = _("Neither confirm nor deny anything about somebody else, not even that they come here.")
_TELL_PRIVACY = _("Tell the privacy officer before anything is answered.")
_MANAGER = _("A manager answers, and nobody else.")

# For a pharmacy or a clinic, and for who makes the product.
STEPS: "dict[str, tuple[tuple[StrOrPromise, ...], tuple[StrOrPromise, ...]]]" = {
    Topic.OFF_LABEL: ((_PHARMACIST,), (_INFORMATION, _UNSOLICITED)),
    Topic.MISINFORMATION: ((_ONE_ANSWER,), (_ONE_ANSWER,)),
    "ad_complaint": ((_COMPLIANCE,), (_COMPLIANCE,)),
    Topic.PRIVACY_REQUEST: ((_WHO_ASKS, _PHARMACY_RECORD), (_WHO_ASKS,)),
    Topic.PRIVACY_INCIDENT: ((_TELL_PRIVACY,), (_TELL_PRIVACY,)),
    Topic.THIRD_PARTY_REQUEST: ((_NEITHER,), (_NEITHER,)),
    Topic.MEDIA_REQUEST: ((_MANAGER,), (_MANAGER,)),
    "legal": ((_MANAGER,), (_MANAGER,)),
}


def steps(type_: str, *, maker: bool) -> "tuple[StrOrPromise, ...]":
    """None where its badge says enough."""
    house, makers = STEPS.get(type_, ((), ()))
    return makers if maker else house
