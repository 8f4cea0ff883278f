"""The platforms Comptoir speaks with. Another one is one file, and one line here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from inbox.platforms import listings
from inbox.platforms.base import Connector, Event, Family, Variable
from inbox.platforms.consent import CONSENTS, Consent
from inbox.platforms.facebook import Facebook
from inbox.platforms.google import Google, GoogleHooks
from inbox.platforms.instagram import Instagram
from inbox.platforms.linkedin import LinkedIn, LinkedInHooks
from inbox.platforms.meta import MetaHooks
from inbox.platforms.website import Website, WebsiteHooks
from inbox.platforms.whatsapp import WhatsApp
from inbox.platforms.wordpress import WordPress

CONNECTORS: tuple[Connector, ...] = (Facebook(), Instagram(), LinkedIn(), WhatsApp(), Google(), Website(), WordPress())
FAMILIES: tuple[Family, ...] = (MetaHooks(), LinkedInHooks(), GoogleHooks(), WebsiteHooks())


def choices() -> list[tuple[str, str]]:
    """Brands, which are not translated, and what is none."""
    return [(connector.slug, str(connector.label)) for connector in CONNECTORS]


def slugs() -> list[str]:
    return [connector.slug for connector in CONNECTORS]


def variables() -> list[Variable]:
    """What the platforms take from the environment, each once."""
    halves: list[Family | Connector | Consent] = [*FAMILIES, *CONNECTORS, *CONSENTS]
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


def of_family(slug: str) -> list[str]:
    """The platforms whose webhooks come to this receiver."""
    return [connector.slug for connector in CONNECTORS if connector.family == slug]


def endpoint_of(family: str, channel_id: str = "") -> str:
    """The name of an address where webhooks arrive: its path below /hooks/."""
    return f"{family}/{channel_id}" if channel_id else family


def parse(endpoint: str, body: bytes, *, received_at: datetime) -> Iterator[Event]:
    """The events of a stored delivery, whether a platform posted it or we read it off a listing. Raises Malformed."""
    if endpoint in {listings.ENDPOINT, listings.FETCHED}:
        yield from listings.parse(body, get)
        return
    slug, _, channel_id = endpoint.partition("/")
    for event in family(slug).parse(body, received_at=received_at):
        # An address with a channel in it says whose events these are, whatever they say themselves.
        yield replace(event, channel_id=channel_id) if channel_id else event
