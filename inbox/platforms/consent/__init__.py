"""How a person lets us speak for their pages: the platform's own dialog, a code, a token, and the pages to choose from."""

from inbox.platforms.consent.base import Candidate, Consent, Declined
from inbox.platforms.consent.facebook import FacebookLogin
from inbox.platforms.consent.instagram import InstagramLogin
from inbox.platforms.consent.linkedin import LinkedInLogin

CONSENTS: tuple[Consent, ...] = (FacebookLogin(), InstagramLogin(), LinkedInLogin())


def get(slug: str) -> Consent:
    """Raises LookupError."""
    for consent in CONSENTS:
        if consent.slug == slug:
            return consent
    raise LookupError(slug)


__all__ = ["CONSENTS", "Candidate", "Consent", "Declined", "get"]
