"""One call of Graph: who asks, about what, with which parameters; and how a refusal is raised."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.fields import parse, picked
from simulator.models import Page, Token
from simulator.wire import Json

TRUE = {"true", "1"}


@dataclass(slots=True)
class Call:
    """page: whose things these are; where the node belongs to nobody (the app, a person's own token), there is none."""

    request: HttpRequest
    token: Token | None
    params: Json
    moment: datetime
    owner: Page | None = None
    node: Any = None
    edge: str = ""
    opened: bool = False  # its platform found the node for this very token
    version: str = "v26.0"
    usage: Json = field(default_factory=dict)  # what the usage headers say beside the usual

    @property
    def page(self) -> Page:
        if self.owner is None:
            raise GraphError.named("100/33")
        return self.owner

    @page.setter
    def page(self, page: Page) -> None:
        self.owner = page

    @property
    def method(self) -> str:
        return self.request.method or "GET"

    def text(self, name: str, limit: int) -> str:
        text = str(self.params.get(name, ""))
        if not text.strip():
            raise GraphError(100, message=f"(#100) The parameter {name} is required")
        if len(text) > limit:
            raise GraphError(100, message=f"(#100) Param {name} must be no longer than {limit} characters")
        return text

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in TRUE

    def json(self, name: str) -> Any:
        """A parameter that is JSON: as such in a JSON body, as text in a form or a query."""
        given = self.params.get(name)
        if not isinstance(given, str):
            return given
        try:
            return json.loads(given)
        except ValueError as error:
            raise GraphError(100, message=f"(#100) Param {name} must be JSON") from error

    def list(self, name: str) -> list[str]:
        """A comma list, or a JSON array of words."""
        given = self.params.get(name) or ""
        if isinstance(given, str) and given.startswith("["):
            given = self.json(name)
        parts = given if isinstance(given, list) else str(given).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def pick(self, shown: Json, default: str) -> Json:
        """Of a plain thing, the fields that were asked for."""
        return picked(shown, parse(str(self.params.get("fields") or default)))


Handler = Callable[[Call], Any]
Routes = dict[tuple[str, str, str], Handler]  # (method, kind of node, edge)


def needs(capability: str) -> Callable[[Handler], Handler]:
    """Which permission a call takes; its name differs from product to product (`scopes.py`)."""

    def mark(handler: Handler) -> Handler:
        handler.needs = capability  # type: ignore[attr-defined]
        return handler

    return mark
