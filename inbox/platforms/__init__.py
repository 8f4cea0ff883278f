"""The platforms Comptoir speaks with. Another one is one file, and one line here."""

from collections.abc import Iterator
from datetime import datetime

from inbox.platforms import listings
from inbox.platforms.base import Connector, Event, Family, Variable
from inbox.platforms.facebook import Facebook
from inbox.platforms.instagram import Instagram
from inbox.platforms.linkedin import LinkedIn, LinkedInHooks
from inbox.platforms.meta import MetaHooks
from inbox.platforms.whatsapp import WhatsApp

CONNECTORS: tuple[Connector, ...] = (Facebook(), Instagram(), LinkedIn(), WhatsApp())
FAMILIES: tuple[Family, ...] = (MetaHooks(), LinkedInHooks())


def choices() -> list[tuple[str, str]]:
    """Brands: not translated."""
    return [(connector.slug, connector.label) for connector in CONNECTORS]


def slugs() -> list[str]:
    return [connector.slug for connector in CONNECTORS]


def variables() -> list[Variable]:
    """What the platforms take from the environment, each once."""
    halves: list[Family | Connector] = [*FAMILIES, *CONNECTORS]
    found = {variable.name: variable for half in halves for variable in half.variables}
    return list(found.values())


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


def parse(endpoint: str, body: bytes, *, received_at: datetime) -> Iterator[Event]:
    """The events of a stored delivery, whether a platform posted it or we read it off a listing. Raises Malformed."""
    if endpoint in {listings.ENDPOINT, listings.FETCHED}:
        return listings.parse(body, get)
    return family(endpoint).parse(body, received_at=received_at)
