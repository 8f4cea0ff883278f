"""The parameter `fields`: 'id,from{id,name},comments.limit(2).order(chronological).as(latest){id}'."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.meta.graph.errors import GraphError

NAME = re.compile(r"\s*(\w+)\s*")
ARGUMENT = re.compile(r"\.(\w+)\(([^()]*)\)\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    inner: tuple["Asked", ...] = ()

    @property
    def key(self) -> str:
        """Under which name the answer has it."""
        return self.arguments.get("as", self.name)


def parse(text: str) -> tuple[Asked, ...]:
    if not text.strip(" ,"):
        return ()
    asked, end = _list(text, 0)
    if end != len(text):
        raise _syntax(text, end)
    return asked


def _list(text: str, at: int) -> tuple[tuple[Asked, ...], int]:
    found = []
    while True:
        one, at = _one(text, at)
        found.append(one)
        if at >= len(text) or text[at] != ",":
            return tuple(found), at
        at += 1


def _one(text: str, at: int) -> tuple[Asked, int]:
    name = NAME.match(text, at)
    if name is None:
        raise _syntax(text, at)
    at, arguments = name.end(), {}
    inner: tuple[Asked, ...] = ()
    while argument := ARGUMENT.match(text, at):
        arguments[argument[1]] = argument[2].strip()
        at = argument.end()
    if at < len(text) and text[at] == "{":
        inner, at = _list(text, at + 1)
        if at >= len(text) or text[at] != "}":
            raise _syntax(text, at)
        at += 1
    return Asked(name[1], arguments, inner), at


def picked(value: Any, asked: Sequence[Asked]) -> Any:
    """What was asked for of a plain value; the id comes along."""
    if isinstance(value, list):
        return [picked(each, asked) for each in value]
    if not asked or not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), list):
        return value | {"data": picked(value["data"], asked)}
    chosen = {each.key: picked(value[each.name], each.inner) for each in asked if each.name in value}
    return chosen | ({"id": value["id"]} if "id" in value else {})


def _syntax(text: str, at: int) -> GraphError:
    found = text[at] if at < len(text) else "end of string"
    return GraphError(2500, message=f"Syntax error: unexpected {found!r} at character {at} of the field parameter")
