"""What every login has in common. Pure: no models, no settings, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.utils.functional import Promise

from inbox.platforms.base import Variable


class Declined(Exception):
    """The person said no in the platform's dialog, or chose no page."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page or account that the person may speak for, with its own token. missing: permissions they withheld."""

    platform: str
    external_id: str
    name: str
    token: str = field(repr=False)
    expires_at: datetime | None = None
    grantor_id: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    refresh_token: str = field(default="", repr=False)


class Consent:
    """One login: where the person agrees, and what comes of the code they bring back."""

    slug: ClassVar[str]
    label: ClassVar[str]
    gives: ClassVar[str | Promise]  # what can be connected with it
    variables: ClassVar[tuple[Variable, ...]] = ()
    scopes: ClassVar[tuple[str, ...]]

    def offered(self, variables: Mapping[str, Any]) -> bool:
        """Whether this installation has an app for it."""
        raise NotImplementedError

    def dialog(self, variables: Mapping[str, Any], *, redirect_uri: str, state: str) -> str:
        """The address of the platform's own dialog."""
        raise NotImplementedError

    def code(self, answer: Mapping[str, str]) -> str:
        """What the person's browser brought back. Raises Declined."""
        if answer.get("error") or not answer.get("code"):
            raise Declined(answer.get("error_description") or answer.get("error") or "")
        return answer["code"].removesuffix("#_")

    def candidates(self, variables: Mapping[str, Any], code: str, *, redirect_uri: str) -> Sequence[Candidate]:
        """What the person may connect. Raises SendRefused, SendNotReached or SendUncertain."""
        raise NotImplementedError


def address(url: str, **parts: str) -> str:
    return f"{url}?{urlencode(parts)}"


def first(variables: Mapping[str, Any], name: str) -> str:
    """The secret in use, of those that are accepted."""
    return next(iter(variables[name]), "")
