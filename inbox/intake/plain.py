"""The plain case, of many at once: somebody writes, and it is the newest of what was said in that place.

Whatever needs more thought is left to `events`, one by one: what was told before, what something waits for, what belongs in the
middle of a talk. Both ways give the same inbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from inbox import clock, screening
from inbox.intake import messages, threads
from inbox.models import Channel, Contact, Conversation, Delivery, EarlyEvent, FormerId, Message, Post, writing
from inbox.platforms.base import Kind, Received
from inbox.waits import further, halves
from inbox.waits.further import Talk

Key = tuple[int, str]  # a channel, and the platform's id of something on it


class Place(NamedTuple):
    thread: str
    post: int | None


NOWHERE = Place("", None)


class Spot(NamedTuple):
    """What makes a conversation one."""

    channel: int
    kind: str
    thread: str
    contact: int | None


@dataclass(slots=True, eq=False)
class Words:
    """What somebody said, and as we find out, who it was and where it belongs."""

    event: Received
    channel: Channel
    delivery: Delivery
    number: int
    contact: Contact | None = None
    place: Place = NOWHERE

    @property
    def key(self) -> Key:
        return self.channel.pk, self.event.external_id

    @property
    def at(self) -> datetime:
        return clock.believable(self.event.at, self.delivery.received_at)

    @property
    def spot(self) -> Spot:
        return Spot(self.channel.pk, self.event.kind, self.place.thread, self.contact.pk if self.contact else None)

    @property
    def is_nested(self) -> bool:
        return self.event.kind != Kind.MESSAGE and self.place.thread != self.event.external_id


def take(told: Iterable[Words], *, now: datetime, ahead: screening.Ahead = screening.NOTHING) -> set[Words]:
    """Take in what is plain among these, whose channels are held; return what that was. ahead: what triage said of them."""
    told = list(told)
    known = _known_places(told)
    new = _unheard_of(told, known)
    if not new:
        return set()
    _find_people(new, now)
    _find_places(new, known, now)
    reader = screening.Reader.of({words.channel.organization_id for words in new}, now=now, ahead=ahead)
    talks = _talks(new, reader, now)
    further.write(list(dict.fromkeys(talks.values())), makers=reader.makers, now=now)
    return set(talks)


def _known_places(told: Iterable[Words]) -> dict[Key, Place]:
    """Of the messages that are here already, among these and those that they answer."""
    ids = {external_id for words in told for external_id in (words.event.external_id, words.event.parent) if external_id}
    rows = Message.objects.filter(channel__in=_channels(told), external_id__in=ids)
    found = rows.values_list("channel_id", "external_id", "conversation__thread_id", "conversation__post_id")
    return {(channel, external_id): Place(thread, post) for channel, external_id, thread, post in found}


def _unheard_of(told: Iterable[Words], known: dict[Key, Place]) -> list[Words]:
    """Each that comes for the first time, and that nothing waits for."""
    ids = {words.event.external_id for words in told}
    early = EarlyEvent.objects.filter(channel__in=_channels(told), refers_to__in=ids)
    seen = {*known, *early.values_list("channel_id", "refers_to")}
    new = []
    for words in told:
        if words.key not in seen:
            seen.add(words.key)
            new.append(words)
    return new


def _find_people(new: Iterable[Words], now: datetime) -> None:
    """Who is known and of whom nothing new is told costs no look of their own; strangers are written together."""
    ids = {"channel__in": _channels(new), "external_id__in": {words.event.author.id for words in new if words.event.author}}
    known = {(row.channel_id, row.external_id): row for row in Contact.objects.filter(**ids)}
    former = set(FormerId.objects.filter(**ids).values_list("channel_id", "external_id"))
    strangers: dict[Key, Contact] = {}
    for words in new:
        author = words.event.author
        if author and not author.phone and (key := (words.channel.pk, author.id)) not in former and key not in known:
            strangers.setdefault(key, threads.stranger(words.channel, author, now=now))
    writing.insert(strangers.values())
    known |= strangers
    for words in new:
        if author := words.event.author:
            contact = known.get(key := (words.channel.pk, author.id))
            if contact is None or key in former or not threads.is_known_as(contact, author):
                contact = known[key] = threads.contact_of(words.channel, author, at=words.at, now=now)
            words.contact = contact


def _find_posts(new: Iterable[Words], now: datetime) -> dict[Key, Post | None]:
    """A post that is known, and of which nothing new is told, costs no look of its own."""
    ids = {words.event.post.external_id for words in new if words.event.post}
    rows = Post.objects.filter(channel__in=_channels(new), external_id__in=ids)
    known: dict[Key, Post | None] = {(row.channel_id, row.external_id): row for row in rows}
    for words in new:
        seen = words.event.post
        if seen and seen.external_id:
            post = known.get(key := (words.channel.pk, seen.external_id))
            if post is None or threads.news_of(post, seen):
                known[key] = threads.post_of(words.channel, seen, now=now)
    return known


def _find_places(new: Iterable[Words], known: dict[Key, Place], now: datetime) -> None:
    """In the order in which they came: what was said under something that came before it stands in the same thread."""
    posts = _find_posts(new, now)
    for words in new:
        event, channel = words.event, words.channel.pk
        above = known.get((channel, event.parent)) or Place(event.thread, None)
        thread = event.thread if event.kind == Kind.MESSAGE else above.thread
        if words.contact and event.author and event.author.id == thread:
            thread = words.contact.external_id  # whichever of their ids this event used
        post = posts.get((channel, event.post.external_id)) if event.post else None
        words.place = known[words.key] = Place(thread, post.pk if post else above.post)


def _talks(new: Iterable[Words], reader: screening.Reader, now: datetime) -> dict[Words, Talk]:
    """Which of these are the newest in their conversation, and what is said there."""
    found = _conversations(new)
    last = further.last_waits(found.values()) if found else {}
    moved = halves.moved_people(words.contact for words in new if words.contact and words.event.kind == Kind.MESSAGE)
    talks = {}
    for spot, group in _by_conversation(new, found).items():
        conversation = found.get(spot) or _opened(group[0])
        talk = Talk(conversation, last.get(conversation.pk))
        goes_on = spot.kind == Kind.MESSAGE and spot.contact in moved  # in private, and its clock may come along
        if not goes_on and talk.ends_before(group[0].at):
            for words in group:
                message = _said(words, conversation, now)
                talk.add(message, reader.read(message, conversation))
                talks[words] = talk
    return talks


def _conversations(new: Iterable[Words]) -> dict[Spot, Conversation]:
    """Those that these may belong to, and those that may belong to these; nobody changes them meanwhile."""
    ids = {thread for words in new for thread in (words.place.thread, words.event.external_id)}
    kinds = {words.event.kind for words in new}
    rows = Conversation.objects.filter(channel__in=_channels(new), kind__in=kinds, thread_id__in=ids).order_by("pk")
    locked = rows.select_for_update(no_key=True)
    return {Spot(row.channel_id, row.kind, row.thread_id, row.contact_id): row for row in locked}


def _by_conversation(new: Iterable[Words], found: Iterable[Spot]) -> dict[Spot, list[Words]]:
    """Oldest first. Without those under which something stands already that was thought to be a thread of its own."""
    threads_seen = {(spot.channel, spot.thread) for spot in (*found, *(words.spot for words in new))}
    groups: dict[Spot, list[Words]] = {}
    for words in sorted(new, key=lambda words: words.at):
        if not (words.is_nested and words.key in threads_seen):
            groups.setdefault(words.spot, []).append(words)
    return groups


def _opened(first: Words) -> Conversation:
    event, place = first.event, first.place
    return threads.opened(
        first.channel, kind=event.kind, thread_id=place.thread, contact=first.contact, post_id=place.post, at=first.at
    )


def _said(words: Words, conversation: Conversation, now: datetime) -> Message:
    messages.learn_language(conversation, words.event)
    conversation.post_id = conversation.post_id or words.place.post
    conversation.contact = words.contact  # known already: not asked for again
    received_at = words.delivery.received_at
    return messages.told(words.event, conversation, at=words.at, received_at=received_at, now=now)


def _channels(told: Iterable[Words]) -> set[int]:
    return {words.channel.pk for words in told}
