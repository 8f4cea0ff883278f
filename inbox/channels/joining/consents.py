"""The way through a platform's own dialog and back: remembered in the session, its tokens sealed, until somebody chooses."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from inbox.models.channels import TokenUnreadable, seal, unseal
from inbox.platforms.consent import Candidate

LEFT, CHOICE = "consent_left", "consent_choice"  # keys of the session
PATIENCE = timedelta(minutes=15)


class NotOurs(ValueError):
    """Not the answer to what this person was just sent to: another tab's, another person's, too old, or invented."""


def leave(session: SessionBase, consent: str, *, now: datetime) -> str:
    """Remember that somebody leaves for a dialog; return the word that must come back with them."""
    state = secrets.token_urlsafe(24)
    session[LEFT] = {"state": state, "consent": consent, "at": now.isoformat()}
    return state


def come_back(session: SessionBase, consent: str, state: str, *, now: datetime) -> None:
    """Once: the word counts for nothing afterwards. Raises NotOurs."""
    left = session.pop(LEFT, None) or {}
    begun = parse_datetime(left.get("at", ""))
    if not constant_time_compare(left.get("state", ""), state) or not state or left.get("consent") != consent:
        raise NotOurs("another state")
    if begun is None or now - begun > PATIENCE:
        raise NotOurs("too late")


def keep(session: SessionBase, candidates: list[Candidate], *, now: datetime) -> None:
    """Sealed: the session lies in the database as it is."""
    rows = [
        asdict(candidate) | {"expires_at": candidate.expires_at and candidate.expires_at.isoformat()} for candidate in candidates
    ]
    session[CHOICE] = {"sealed": seal(rows), "at": now.isoformat()}


def kept(session: SessionBase, *, now: datetime) -> list[Candidate]:
    """What may be chosen from; nothing once it is over its time."""
    held: dict[str, Any] = session.get(CHOICE) or {}
    begun = parse_datetime(held.get("at", ""))
    if begun is None or now - begun > PATIENCE:
        session.pop(CHOICE, None)
        return []
    try:
        rows = unseal(held["sealed"])
    except TokenUnreadable:  # the keys were changed meanwhile: the person begins again
        return []
    return [Candidate(**row | {"expires_at": _moment(row), "missing": tuple(row["missing"])}) for row in rows]


def forget(session: SessionBase) -> None:
    session.pop(CHOICE, None)


def _moment(row: dict[str, Any]) -> datetime | None:
    return parse_datetime(row["expires_at"]) if row["expires_at"] else None
