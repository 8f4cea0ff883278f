"""The platforms Comptoir speaks with. Another one is one file, and one line of `PLATFORMS`."""

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
from inbox.platforms.meta.hooks import MetaHooks
from inbox.platforms.website import Website, WebsiteHooks
from inbox.platforms.whatsapp import WhatsApp
from inbox.platforms.wordpress import WordPress
from inbox.platforms.x import X, XHooks
from inbox.platforms.youtube import YouTube

META = MetaHooks()
# Who speaks with it, and who hears its webhooks; None where it sends none.
PLATFORMS: tuple[tuple[Connector, Family | None], ...] = (
    (Facebook(), META),
    (Instagram(), META),
    (LinkedIn(), LinkedInHooks()),
    (WhatsApp(), META),
    (Google(), GoogleHooks()),
    (Website(), WebsiteHooks()),
    (WordPress(), None),
    (YouTube(), None),
    (X(), XHooks()),
)


def connectors() -> list[Connector]:
    return [connector for connector, _ in PLATFORMS]


def families() -> list[Family]:
    """Each once, however many platforms share it."""
    return list({hooks.slug: hooks for _, hooks in PLATFORMS if hooks}.values())


def choices() -> list[tuple[str, str]]:
    """Brands, which are not translated, and what is none."""
    return [(connector.slug, str(connector.label)) for connector in connectors()]


def slugs() -> list[str]:
    return [connector.slug for connector in connectors()]


def variables() -> list[Variable]:
    """What the platforms take from the environment, each once."""
    halves: list[Family | Connector | Consent] = [*families(), *connectors(), *CONSENTS]
    found = {variable.name: variable for half in halves for variable in half.variables}
    return list(found.values())


class UnknownPlatform(LookupError):
    """No connector, or no receiver, of this name."""


def get(slug: str) -> Connector:
    for connector in connectors():
        if connector.slug == slug:
            return connector
    raise UnknownPlatform(f"No platform is called {slug!r}.")


def family(slug: str) -> Family:
    for _, hooks in PLATFORMS:
        if hooks and hooks.slug == slug:
            return hooks
    raise UnknownPlatform(f"No receiver is called {slug!r}.")


def of_family(slug: str) -> list[str]:
    """The platforms whose webhooks come to this receiver."""
    return [connector.slug for connector in connectors() if connector.family == slug]


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
