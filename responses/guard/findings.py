"""What the guard speaks of: a rule, what it found, and what a reply stands beside. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Span = tuple[int, int]


class Level(StrEnum):
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    code: str
    span: Span
    message: str | Promise


@dataclass(frozen=True, slots=True)
class Around:
    """What a reply stands beside, and is read together with."""

    thread: str = ""  # what stands above it: the post and what the person wrote
    own: tuple[str, ...] = ()  # the products of the maker whose page it is; of nobody else
    sells: bool = False  # it answers who asks for a price, or whether something is there
    people: tuple[str, ...] = ()  # who may be named: the team, and whom it answers


Find = Callable[[str, Around], Iterator[Span]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`public` and `private` say how bad it is there; None: it may.

    advised: in private, by whoever may advise on a treatment. of_harm: only where the person tells of an adverse event.
    """

    code: str
    message: str | Promise
    find: Find
    public: Level | None = Level.BLOCK
    private: Level | None = Level.BLOCK
    advised: Level | None = None
    of_harm: bool = False

    def level(self, *, public: bool, advises: bool, of_harm: bool) -> Level | None:
        if self.of_harm and not of_harm:
            return None
        if public:
            return self.public
        return self.advised if advises and self.advised else self.private
