"""Why a page could not be connected: in our words, and at the field that is wrong; the platform's own follow as it wrote them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from inbox.platforms.base import Connector, OfAnother, Reason, SendError, SendNotReached, SendUncertain
from inbox.triage.identifiers.unread import masked

OF_ANOTHER = _("What stands in “%(proof)s” belongs to another page or account, not to this one.")
OF_THE_TOKEN = {
    Reason.TOKEN_DEAD: _("The platform does not accept this: it is wrong, has expired or was taken back."),
    Reason.PERMISSION: _("With this, the platform does not let Comptoir do what it needs to."),
}
NOT_REACHED = _("The platform could not be asked, and nothing was connected. Try again in a moment.")
REFUSED = _("The platform refused. Check every field.")


def told(error: SendError | SendUncertain, connector: Connector, asked: Collection[str]) -> tuple[str | None, str]:
    """(which of the fields that were asked is wrong, where one is; what to say there)"""
    if isinstance(error, OfAnother):
        # Connecting again, the identifier is known, and only the token can be another's.
        proof = connector.proven_by.label if connector.proven_by else ""
        return _first_of(("external_id", "token"), asked), OF_ANOTHER % {"proof": proof}
    if isinstance(error, SendUncertain | SendNotReached):
        return None, str(NOT_REACHED)
    words, field = OF_THE_TOKEN.get(error.reason, REFUSED), _first_of(("token",), asked)
    theirs = _("In its own words: “%(detail)s”") % {"detail": masked(error.detail)} if error.detail else ""
    return field if error.reason in OF_THE_TOKEN else None, f"{words} {theirs}".strip()


def _first_of(fields: Collection[str], asked: Collection[str]) -> str | None:
    return next((field for field in fields if field in asked), None)
