"""What a reading adds to what was found before. A machine only adds: what it no longer finds stands until a person removes it.

What a person added stands beside what a machine finds, and neither takes the place of the other: either may be taken off.
"""

from collections.abc import Container
from dataclasses import dataclass, field

from inbox.models import Finding


@dataclass(slots=True)
class Change:
    added: list[Finding] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)  # stood until now, and these rules do not find it


def compare(known: list[Finding], rows: list[Finding], read: Container[str]) -> Change:
    """Both of one message, in any of its versions. read: the digests of the versions that were read this time."""
    change = Change()
    for row in rows:
        before = [old for old in (*known, *change.added) if _same_place(old, row)]
        if not any(old.removed_at or (old.by_person == row.by_person and says_as_much(old, row)) for old in before):
            change.added.append(row)
    for old in known:
        if old.stands and not old.by_person and old.text_digest in read and not any(_same_place(old, row) for row in rows):
            change.gone.append(old)
    return change


def outdone(rows: list[Finding], *, current: str) -> list[Finding]:
    """Those that need not stand any more, as another one of the same type says as much: of the newest words, or of the same."""
    return [old for old in rows if any(_outdoes(new, old, current) for new in rows)]


def _outdoes(new: Finding, old: Finding, current: str) -> bool:
    if new is old or new.type != old.type or new.by_person != old.by_person or not says_as_much(new, old):
        return False
    if new.text_digest == old.text_digest:
        return new.pk > old.pk and _same_place(new, old)
    return new.text_digest == current


def says_as_much(one: Finding, other: Finding) -> bool:
    return one.urgency <= other.urgency and one.serious >= other.serious and (one.special == other.special or not other.special)


def _same_place(one: Finding, other: Finding) -> bool:
    return one.type == other.type and one.text_digest == other.text_digest and one.overlaps(other.start, other.end)
