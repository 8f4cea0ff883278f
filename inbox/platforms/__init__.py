"""The platforms Comptoir speaks with. Another one is one file, and one line here."""

from inbox.platforms.base import Connector, Family
from inbox.platforms.facebook import Facebook
from inbox.platforms.instagram import Instagram
from inbox.platforms.linkedin import LinkedIn, LinkedInHooks
from inbox.platforms.meta import MetaHooks

CONNECTORS: tuple[Connector, ...] = (Facebook(), Instagram(), LinkedIn())
FAMILIES: tuple[Family, ...] = (MetaHooks(), LinkedInHooks())


class UnknownPlatform(LookupError):
    """No connector, or no receiver, of this name."""


def get(slug: str) -> Connector:
    for connector in CONNECTORS:
        if connector.slug == slug:
            return connector
    raise UnknownPlatform(f"No platform is called {slug!r}.")


def family(slug: str) -> Family:
    for each in FAMILIES:
        if each.slug == slug:
            return each
    raise UnknownPlatform(f"No receiver is called {slug!r}.")
