"""Reviews as Google lists and gives them: what a person said, how it changed, and our answer with what Google decided of it."""

import re
from collections.abc import Iterator
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Author, Edited, Event, Kind, Moderated, Moderation, OwnTurn, Received

STARS = {"ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5"}
STATES = {"PENDING": Moderation.PENDING, "APPROVED": Moderation.APPROVED, "REJECTED": Moderation.REJECTED}
KEPT = ("name", "reviewer", "starRating", "comment", "createTime", "updateTime", "reviewReply", "policyViolation")
TRANSLATED = re.compile(r"\(Translated by Google\)\s*(.*?)\s*\(Original\)\s*(.+)", re.S)
NAME = re.compile(r"(?:accounts/[\w-]+/)?(locations/[\w-]+/reviews/[\w=-]+)", re.ASCII)
ANSWER = "/reply"  # there is one place for an answer, and it has no name of its own


def item(review: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a review: no picture of anybody."""
    kept = {name: review[name] for name in KEPT if name in review}
    who = wire.mapping(review.get("reviewer"))
    return kept | {"reviewer": {"displayName": who.get("displayName"), "isAnonymous": who.get("isAnonymous")}}


def read(channel_id: str, review: dict[str, Any]) -> Iterator[Event]:
    """Raises Unreadable."""
    who: dict[str, Any] = {"platform": "google", "channel_id": channel_id}
    name = name_of(review)
    text, rating = words_of(review.get("comment")), STARS.get(wire.text(review.get("starRating")), "")
    created, updated = wire.iso(review.get("createTime")), wire.iso(review.get("updateTime"))
    yield Received(
        **who,
        external_id=name,
        kind=Kind.REVIEW,
        thread=name,
        text=text,
        at=created or updated,
        rating=rating,
        author=_author(name, wire.mapping(review.get("reviewer"))),
    )
    if updated and created and updated > created:
        yield Edited(**who, external_id=name, text=text, at=updated, rating=rating)
    if reply := wire.mapping(review.get("reviewReply")):
        yield from _answer(who, name, reply, review)


def name_of(review: dict[str, Any]) -> str:
    match = NAME.fullmatch(wire.required(review.get("name"), "name"))
    if not match:
        raise wire.Unreadable("no name of a review")
    return match[1]


def words_of(comment: Any) -> str:
    """What the person wrote comes first, whatever Google made of it."""
    words = wire.text(comment).strip()
    match = TRANSLATED.fullmatch(words)
    return f"{match[2].strip()}\n\n(Translated by Google) {match[1]}" if match else words


def _author(name: str, reviewer: dict[str, Any]) -> Author:
    """Reviewers have no number. Each writes one review of a place: its name stands for them."""
    known = reviewer.get("isAnonymous") is not True
    return Author(name[: wire.PERSON_ID], wire.text(reviewer.get("displayName"))[: wire.NAME] if known else "")


def _answer(who: dict[str, Any], name: str, reply: dict[str, Any], review: dict[str, Any]) -> Iterator[Event]:
    at, state = wire.iso(reply.get("updateTime")), state_of(reply, review)
    violation = wire.text(reply.get("policyViolation")) or wire.text(review.get("policyViolation"))
    refusal = violation[:300] if state is Moderation.REJECTED else ""
    yield OwnTurn(
        **who,
        external_id=name + ANSWER,
        kind=Kind.REVIEW,
        thread=name,
        parent=name,
        text=wire.text(reply.get("comment")),
        at=at,
        moderation=state,
        refusal=refusal,
    )
    if state:
        yield Moderated(**who, external_id=name + ANSWER, state=state, refusal=refusal)


def state_of(reply: dict[str, Any], review: dict[str, Any]) -> Moderation:
    """What Google decided of our answer; nothing where it does not read answers first."""
    told = STATES.get(wire.text(reply.get("reviewReplyState")), Moderation.NONE)
    if not told and (reply.get("policyViolation") or review.get("policyViolation")):
        return Moderation.REJECTED
    return told
