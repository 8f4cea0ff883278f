"""How a page does, in a word, and what to do about it. Nothing is asked and nothing is written here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inbox import platforms
from inbox.channels.telling import BEFORE
from inbox.models import Channel, Trouble

Kind = Trouble.Kind
Words = str | Promise

MUCH_USED = 75  # percent of the quota


class Tone(StrEnum):
    OK = "ok"
    LOOK = "amber"
    BROKEN = "red"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is wrong, or soon will be: what, and what to do."""

    tone: Tone
    what: Words
    advice: Words
    since: datetime | None = None
    detail: str = ""  # in the platform's own words


@dataclass(frozen=True, slots=True)
class Verdict:
    tone: Tone
    points: Sequence[Point]

    @property
    def title(self) -> str:
        titles = {Tone.OK: _("Everything is fine"), Tone.LOOK: _("Worth a look"), Tone.BROKEN: _("This page does not work")}
        return titles[self.tone]

    @property
    def icon(self) -> str:
        return "circle-check" if self.tone is Tone.OK else "warning"


@dataclass(frozen=True, slots=True)
class Counts:
    """What of a page is counted: gaps of the last day that should not have been, deliveries not taken in, parts set aside."""

    gaps: int = 0
    failed: int = 0
    set_aside: int = 0
    private: int = 0  # private replies to comments that were sent in the last hour
    quota_used: int | None = None  # percent, where the platform does not tell and we count

    @property
    def lost(self) -> int:
        return self.failed + self.set_aside

    def of_quota(self, percent: int | None) -> Self:
        return replace(self, quota_used=percent)


RECONNECT = gettext_lazy("Connect the page again, with an account that may manage it, and grant everything that is asked.")

OF_TROUBLE: dict[str, tuple[Words, Words]] = {
    Kind.DISCONNECTED: (
        gettext_lazy("The page is disconnected: nothing is sent or taken in."),
        gettext_lazy("Connect it again when it is to be answered from here."),
    ),
    Kind.TOKEN_DEAD: (
        gettext_lazy("The platform no longer accepts the access token."),
        gettext_lazy("Give the page a new token. Until then, answer in the platform’s own app."),
    ),
    Kind.PERMISSION: (gettext_lazy("The platform no longer grants everything that is needed."), RECONNECT),
    Kind.OUTDATED: (
        gettext_lazy("The platform has retired the version of its interface that is set here."),
        gettext_lazy("Whoever runs the server sets a newer version. Until then, answer in the platform’s own app."),
    ),
    Kind.BLOCKED: (
        gettext_lazy("The platform has blocked this page from answering."),
        gettext_lazy("Look at the page’s own settings on the platform for the reason. A person may try again after a day."),
    ),
    Kind.MESSAGES_FORBIDDEN: (
        gettext_lazy("The platform has forbidden this page private messages. Comments can be answered."),
        gettext_lazy(
            "Look at the page’s own settings on the platform for the reason. "
            "When it is lifted there and this remains, connect the page again."
        ),
    ),
    Kind.WARNED: (
        gettext_lazy("The platform warned this page for its private messages."),
        gettext_lazy("Look at the page’s own settings on the platform for the reason, before it forbids them."),
    ),
    Kind.UNSUBSCRIBED: (
        gettext_lazy("The platform sends us nothing for this page, and refused to begin again."),
        RECONNECT,
    ),
    Kind.FIELDS_MISSING: (
        gettext_lazy("The platform does not send us everything for this page, and refused to."),
        RECONNECT,
    ),
    Kind.UNREACHABLE: (
        gettext_lazy("The platform does not answer our questions about this page."),
        gettext_lazy("It is asked again every few minutes. If other pages are well, tell whoever runs the server."),
    ),
    Kind.UNLISTED: (
        gettext_lazy("The page could not be compared with what the platform lists."),
        gettext_lazy("Webhooks still come; what they miss is not found for now. It is tried again by itself, each time later."),
    ),
    Kind.SILENT: (
        gettext_lazy("Nothing has been heard of this page for longer than is usual."),
        gettext_lazy("It was checked and compared at once. If nothing was missed, see below, people are just quiet."),
    ),
    Kind.DOWN: (
        gettext_lazy("The clock of Comptoir stands still: nobody is warned of what is due, and no page is looked after."),
        gettext_lazy("Whoever runs the server starts the processes “clock” and “beat” again."),
    ),
    Kind.NO_SENDER: (
        gettext_lazy("No reply leaves: they wait, and are sent as soon as the sender runs again."),
        gettext_lazy("Whoever runs the server starts the process “sender” again."),
    ),
    Kind.NO_WORKER: (
        gettext_lazy("Nothing is taken in: what the platforms tell is kept, and does not reach the inbox."),
        gettext_lazy("Whoever runs the server starts the process “worker” again, and looks whether Redis answers."),
    ),
}


def judge(channel: Channel, troubles: Iterable[Trouble], counts: Counts, *, now: datetime) -> Verdict:
    """troubles: those that last."""
    points = [
        *_troubles(troubles),
        *_lapses(channel, now),
        *_strain(channel, counts, now),
        *_spent(channel, counts),
        *_counted(counts),
    ]
    if channel.problem and not any(point.tone is Tone.BROKEN for point in points):
        points.append(Point(Tone.BROKEN, channel.problem_words, RECONNECT, channel.problem_at))
    points.sort(key=lambda point: point.tone is not Tone.BROKEN)
    tone = points[0].tone if points else Tone.OK
    return Verdict(tone, points)


def _troubles(troubles: Iterable[Trouble]) -> Iterator[Point]:
    for trouble in troubles:
        what, advice = OF_TROUBLE[trouble.kind]
        tone = Tone.BROKEN if trouble.kind in Trouble.BROKEN else Tone.LOOK
        yield Point(tone, what, advice, trouble.since, trouble.detail)


def _lapses(channel: Channel, now: datetime) -> Iterator[Point]:
    lapses = (
        (channel.token_expires_at, _("The access token ends soon.")),
        (channel.access_expires_at, _("The permission to read the page’s data ends soon.")),
    )
    for at, what in lapses:
        if at and now <= at <= now + BEFORE[-1] and not channel.disconnected_at:
            yield Point(Tone.LOOK, what, _("Connect the page again before then: it takes a minute, and nothing is lost."), at)


def quota_used(channel: Channel, counts: Counts) -> int | None:
    """Percent of what the platform allows. None: nobody knows."""
    return channel.quota_used if counts.quota_used is None else counts.quota_used


def _strain(channel: Channel, counts: Counts, now: datetime) -> Iterator[Point]:
    used = quota_used(channel, counts) or 0
    if channel.throttled_until and channel.throttled_until > now:
        advice = _("Nothing: what is queued leaves by itself then.")
        yield Point(Tone.LOOK, _("The platform asked us to wait."), advice, channel.throttled_until)
    elif used >= MUCH_USED:
        what = _("%(percent)d %% of what the platform allows is used up.") % {"percent": used}
        yield Point(Tone.LOOK, what, _("Nothing: we look more rarely, so that answers have what is left."))
    for warning in channel.warnings:
        yield Point(Tone.LOOK, _("The platform holds something against this page."), _("See it on the platform."), detail=warning)


def _spent(channel: Channel, counts: Counts) -> Iterator[Point]:
    limit = platforms.get(channel.platform).private_an_hour
    if limit and counts.private * 100 >= limit * MUCH_USED:
        what = _("%(sent)d of the %(limit)d private messages to comments that the platform takes in an hour were sent.")
        advice = _("Nothing: once that many are sent, the next ones wait, and leave by themselves. Public answers go on.")
        yield Point(Tone.LOOK, what % {"sent": counts.private, "limit": limit}, advice)


def _counted(counts: Counts) -> Iterator[Point]:
    if counts.gaps:
        what = ngettext(
            "%(number)d thing of the last day came by no webhook, and was found by looking.",
            "%(number)d things of the last day came by no webhook, and were found by looking.",
            counts.gaps,
        )
        advice = _("Nothing is lost. Their causes are below; if it goes on, check the app on the platform.")
        yield Point(Tone.LOOK, what % {"number": counts.gaps}, advice)
    if counts.failed:
        what = ngettext(
            "%(number)d delivery could not be taken in.", "%(number)d deliveries could not be taken in.", counts.failed
        )
        advice = _("They are kept. Retry them, and tell whoever runs the server if they fail again.")
        yield Point(Tone.LOOK, what % {"number": counts.failed}, advice)
