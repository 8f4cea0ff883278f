"""Where words would be too long, so that they are not approved for a platform that would refuse or cut them."""

from collections.abc import Collection, Iterator

from inbox import platforms
from inbox.platforms.base import Kind
from inbox.triage.help import help_lines
from responses import wording
from responses.models.templates import Audience

KINDS = {
    Audience.PUBLIC: {Kind.COMMENT, Kind.REVIEW},
    Audience.PRIVATE: {Kind.MESSAGE},
    Audience.BOTH: {Kind.COMMENT, Kind.REVIEW, Kind.MESSAGE},
}


def _longest_help() -> dict[str, str]:
    """Whom to call, where that is longest: words are approved for every place."""
    table = help_lines.table()
    said = [table.fields(place, language, on=table.checked_on) for place in table.order for language in ("fr", "en")]
    return {name: max((each[name] for each in said), key=len) for name in said[0]}


# As long as staff may make it, with believable values elsewhere.
FULLEST = wording.EXAMPLES["fr"] | _longest_help() | {"answer": "é" * wording.MAX_ANSWER}


def too_long_for(body: str, *, on: Collection[str], audience: str) -> Iterator[str]:
    """The platforms, by name, on which the fullest answer made of these words would not fit."""
    try:
        text = wording.render(body, FULLEST)
    except (wording.UnknownField, wording.MissingField):
        return  # said elsewhere
    for slug in on:
        connector = platforms.get(slug)
        limits = [connector.limit(kind) for kind in connector.kinds if kind in KINDS[Audience(audience)]]
        if any(limit.length(text) > limit.size for limit in limits):
            yield str(connector.label)
