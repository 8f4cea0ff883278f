"""One page of what was found: a row a conversation, with the newest of its messages that says it; the newest first."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import Membership
from inbox.desk import lines, places, queries
from inbox.desk.lines import Excerpt, Line
from inbox.desk.queries import PAGE, Filters, Page
from inbox.desk.search import marked
from inbox.desk.search.asked import Asked
from inbox.models import Conversation, Message

AMONG = 10_000  # of the newest messages are looked through one by one
ENOUGH = 30  # that are found among these: as long as there are so many, going on is quicker than the index
KEPT = 180  # that are asked for at once: the index takes as long for one as for all
AT_ONCE = 60  # conversations that are looked at as their reader sees them
ROUNDS = 6
ROUNDS_FOR_ONE = 40  # where none of them may be shown: as far as somebody is kept waiting for the first row

# A word that is everywhere is found among the newest at once, without counting where else it stands. One that is not among them
# stands in few, whose places the index has; left to itself the database takes the one way for the other where two words that
# are common never stand together. What else is said in a conversation that has its row is passed by.
_AMONG_NEWEST = """
    SELECT at, message_id, (SELECT conversation_id FROM inbox_message WHERE id = message_id) FROM (
        SELECT at, message_id, words FROM inbox_searchentry
        WHERE organization_id = %(organization)s AND (at, message_id) < (%(at)s, %(pk)s)
        ORDER BY at DESC, message_id DESC LIMIT %(among)s
    ) AS newest
    WHERE words @@ %(wanted)s::tsquery AND NOT EXISTS (
        SELECT FROM inbox_message WHERE id = message_id AND conversation_id = ANY(%(passed)s::bigint[])
    )
    ORDER BY at DESC, message_id DESC LIMIT %(most)s
"""
_BY_INDEX = """
    WITH found AS MATERIALIZED (
        SELECT at, message_id FROM inbox_searchentry
        WHERE organization_id = %(organization)s AND words @@ %(wanted)s::tsquery
    )
    SELECT at, message_id, (SELECT conversation_id FROM inbox_message WHERE id = message_id) FROM found
    WHERE (at, message_id) < (%(at)s, %(pk)s) AND NOT EXISTS (
        SELECT FROM inbox_message WHERE id = message_id AND conversation_id = ANY(%(passed)s::bigint[])
    )
    ORDER BY at DESC, message_id DESC LIMIT %(most)s
"""
_NEWER_IN = """
    SELECT entry.message_id FROM inbox_searchentry AS entry JOIN inbox_message AS message ON message.id = entry.message_id
    WHERE message.conversation_id = ANY(%(conversations)s) AND entry.organization_id = %(organization)s
        AND (entry.at, entry.message_id) >= (%(at)s, %(pk)s) AND entry.words @@ %(wanted)s::tsquery
"""


class Place(NamedTuple):
    """Where a message stands among all, and in which conversation."""

    at: datetime
    pk: int
    talk: int = 0


NOWHERE = Place(datetime(9999, 1, 1, tzinfo=UTC), 0)  # before the newest


def page(membership: Membership, filters: Filters, asked: Asked, *, after: str) -> Page:
    read = places.read_token(after)
    place = Place(read.at, read.pk) if read else NOWHERE
    search = _Search(membership, filters, asked, begins=place)
    found, looked_to = search.rows()
    shown = list(found.items())[:PAGE]
    if len(found) > PAGE:
        looked_to = search.places[shown[-1][1].message]
    more = bool(shown) and looked_to is not None
    rows = _lines(membership, dict(shown))
    return Page(rows, first=read is None, next=places.token(looked_to.at, looked_to.pk) if more and looked_to else "")


class _Search:
    def __init__(self, membership: Membership, filters: Filters, asked: Asked, *, begins: Place) -> None:
        self.membership, self.asked, self.begins = membership, asked, begins
        self.visible = queries.narrowed(membership, filters)
        scope = _scope(membership, filters)
        self.given: dict[str, Any] = {"organization": membership.organization_id, "wanted": f"({scope}) & {asked.query}"}
        self.places: dict[int, Place] = {}  # of the messages that were looked at
        self.passed: set[int] = set()  # conversations that have their row, here or on a page before this one

    def rows(self) -> tuple[dict[int, Excerpt], Place | None]:
        """By conversation, more of them than a page holds where there are; up to where was looked, None: to the end."""
        found: dict[int, Excerpt] = {}
        batches = self._batches()
        for number, batch in enumerate(batches, start=1):
            self._take(batch, found)
            if len(found) > PAGE:
                return found, batch[-1]
            if number == ROUNDS_FOR_ONE or (found and number >= ROUNDS):
                return found, batch[-1] if next(batches, None) else None
        return found, None

    def _batches(self) -> Iterator[list[Place]]:
        """All there are, the newest first."""
        place, more = self.begins, True
        while more:
            kept, more = self._after(place)
            while kept := [each for each in kept if each.talk not in self.passed]:
                batch = _first(kept)
                yield batch
                kept, place = kept[len(batch) :], batch[-1]

    def _after(self, place: Place) -> tuple[list[Place], bool]:
        """The next, and whether there may be more."""
        asked = {**self.given, "at": place.at, "pk": place.pk, "most": KEPT, "passed": list(self.passed)}
        near = _ask(_AMONG_NEWEST, {**asked, "among": AMONG})
        if len(near) >= ENOUGH:
            return [Place(*row) for row in near], True
        found = _ask(_BY_INDEX, asked)
        return [Place(*row) for row in found], len(found) == KEPT

    def _take(self, batch: list[Place], found: dict[int, Excerpt]) -> None:
        """Of each conversation its newest; what else it says only where that may not be shown."""
        self.places |= {place.pk: place for place in batch}
        newest = {place.talk: place.pk for place in reversed(batch)}
        said = self._read(newest.values())
        silent = newest.keys() - {self.places[pk].talk for pk in said}
        said |= self._read([place.pk for place in batch if place.talk in silent and place.pk != newest[place.talk]])
        new = {self.places[pk].talk for pk in said}
        self.passed |= new
        new -= self._shown_before(new)
        for place in batch:  # the newest first
            if place.pk in said and place.talk in new:
                found.setdefault(place.talk, said[place.pk])

    def _read(self, pks: Collection[int]) -> dict[int, Excerpt]:
        return marked.read(self._messages(pks).values(), self.asked) if pks else {}

    def _messages(self, pks: Iterable[int]) -> dict[int, Message]:
        related = ("conversation__contact", "conversation__location")
        rows = Message.objects.filter(pk__in=list(pks), conversation__in=self.visible)
        return {message.pk: message for message in rows.select_related(*related).prefetch_related("findings")}

    def _shown_before(self, conversations: set[int]) -> set[int]:
        """Those that stand on a page before this one, with something newer."""
        if self.begins is NOWHERE or not conversations:
            return set()
        asked = {**self.given, "conversations": list(conversations), "at": self.begins.at, "pk": self.begins.pk}
        messages = self._messages(pk for (pk,) in _ask(_NEWER_IN, asked))
        return {messages[pk].conversation_id for pk in marked.read(messages.values(), self.asked)}


def _first(kept: list[Place]) -> list[Place]:
    """Of as many conversations as are looked at at once."""
    talks: set[int] = set()
    for number, place in enumerate(kept):
        talks.add(place.talk)
        if len(talks) > AT_ONCE:
            return kept[:number]
    return kept


def _scope(membership: Membership, filters: Filters) -> str:
    """Whose messages, and from where: stands among the words of each, so that the index is read for both at once."""
    if filters.location:
        return f"'@l{filters.location.pk}'"
    places = membership.location_ids()
    if places is None:
        return f"'@o{membership.organization_id}'"
    return " | ".join(f"'@l{pk}'" for pk in places or [0])


def _ask(statement: str, given: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


def _lines(membership: Membership, found: dict[int, Excerpt]) -> list[Line]:
    rows = Conversation.objects.visible_to(membership).filter(pk__in=found)
    drawn = {line.pk: line for line in map(Line.of, lines.columns(rows, ended=True))}
    return [drawn[pk]._replace(found=excerpt) for pk, excerpt in found.items() if pk in drawn]
