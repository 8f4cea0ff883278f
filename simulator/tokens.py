"""Keys that the platforms gave out: whose they are, and whether they still open anything."""

from simulator import options
from simulator.models import Page, Token


def grant(page: Page, value: str, kind: str = "page") -> Token:
    """A key to everything of a page, without an end."""
    defaults = {"page": page, "platform": page.platform, "kind": kind, "issued_at": options.now()}
    return Token.objects.get_or_create(value=value, defaults=defaults)[0]


def find(value: str, *platforms: str) -> Token | None:
    """A living key of one of these platforms."""
    alive = Token.objects.alive(options.now()).filter(platform__in=platforms, value=value)
    return alive.select_related("page").first() if value else None


def page_of(value: str, *platforms: str) -> Page | None:
    token = find(value, *platforms)
    return token.page if token else None
