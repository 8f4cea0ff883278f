"""What the platforms say was written, beside what we hold of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.house import House

EXAMPLES = 5


@dataclass
class Found:
    lost: int = 0  # the platform has it, and we do not
    wrong: int = 0  # we hold other words of it, or do not know that it was removed
    doubled: int = 0  # two of ours for one of theirs
    sent_twice: int = 0  # one answer that stands there more than once
    unanswered: int = 0  # called sent, and the platform does not have it
    failed: int = 0  # not sent, and told so to its author
    before_a_person: int = 0
    undecided: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append(words)


def compare(house: House, pages: Sequence[str]) -> Found:
    found = Found()
    theirs = {key: told for page in pages for key, told in _theirs(house, page).items()}
    ours = {
        row[0]: row[1:] for row in house.ask("SELECT external_id, text, removed_at IS NOT NULL, direction FROM inbox_message")
    }
    for external_id, (text, removed, own) in theirs.items():
        held = ours.get(external_id)
        if held is None and not removed:
            found.lost += 1
            found.note(f"lost: {external_id} {text[:60]}")
        elif held and not own and not removed and (held[0] != text or held[1]):
            found.wrong += 1
            found.note(f"wrong: {external_id} {held[0][:60]!r} for {text[:60]!r}")
        elif held and removed and not held[1] and not own:
            found.wrong += 1
            found.note(f"wrong: {external_id} was removed")
    found.doubled = len(ours.keys() - theirs.keys())
    for external_id in list(ours.keys() - theirs.keys())[:2]:
        found.note(f"doubled: {external_id} {ours[external_id]}")
    _replies(house, theirs, found)
    return found


def _theirs(house: House, page: str) -> dict[str, tuple[str, bool, bool]]:
    """Each comment and message: its words now, whether it was removed, whether it is the page's own."""
    [told] = house.platforms.state(page)["pages"]
    rows: list[dict[str, Any]] = [*told["comments"], *told["messages"]]
    return {row["id"]: (row["text"], bool(row.get("removed") or row.get("deleted")), row["source"] != "customer") for row in rows}


def _replies(house: House, theirs: dict[str, tuple[str, bool, bool]], found: Found) -> None:
    there = Counter(text for text, _removed, own in theirs.values() if own)
    found.sent_twice = sum(count - 1 for count in there.values())
    for text, state, lookups in house.ask("SELECT text, state, lookups FROM responses_reply"):
        if state == "sent" and not there[text]:
            found.unanswered += 1
            found.note(f"not there: {text}")
        found.failed += state == "failed"
        found.before_a_person += state == "uncertain" and lookups >= 5
        found.undecided += state in {"queued", "sending"} or (state == "uncertain" and lookups < 5)
