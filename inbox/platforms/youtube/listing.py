"""Looking for what was written: threads page by page, published and held, and the answers that a thread does not show."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from inbox.platforms import wire
from inbox.platforms.base import Connection, Cost, LookLater, Moderation, Reason, SendNotReached, SendRefused
from inbox.platforms.youtube import calls, reading
from inbox.platforms.youtube.calls import Item, items, snippet

PAGES, AT_ONCE, TITLES = 100, "100", 50  # pages of one listing, what stands on each, videos asked for in one call
OF_ONE_THREAD, OF_WHAT_IS_HELD = 10, 5  # pages
DEAREST = 500  # units: from there on a look asks for no more answers than its threads show
PLAIN = {"part": "snippet", "textFormat": "plainText"}
THREAD = f"snippet(channelId,videoId,totalReplyCount,topLevelComment({reading.FIELDS})),replies(comments({reading.FIELDS}))"
# In percent of a day's units: what looking may take at most, and how much may be used by all before looking leaves the rest to
# answers.
OF_LOOKING, OF_ALL = 75, 95
PUBLISHED, HELD = "published", "heldForReview"

Read = Callable[..., Item]  # (path, **params)


class Endless(SendNotReached):
    def __init__(self) -> None:
        super().__init__(Reason.OTHER, "the list is too long to look through")


def answers(thread: str, read: Read, most: int = PAGES) -> Iterator[Item]:
    """All that stand under a comment. Raises Endless, after so many pages, and what reading raises."""
    asked = PLAIN | {"parentId": thread, "maxResults": AT_ONCE, "fields": f"nextPageToken,items({reading.FIELDS})"}
    for told in _pages(read, "comments", asked, most):
        yield from items(told)


def held_answers(thread: str, channel_id: str, read: Read) -> Iterator[Item]:
    """Those under a comment that the channel holds for review, among the newest of what it holds."""
    for told in islice(_pages(read, "commentThreads", _threads_of(channel_id, HELD)), OF_WHAT_IS_HELD):
        for found in items(told):
            if _root_of(found).get("id") == thread:
                yield from _shown(found)


def _threads_of(channel_id: str, status: str) -> dict[str, str]:
    asked = PLAIN | {"part": "snippet,replies", "maxResults": AT_ONCE, "order": "time", "moderationStatus": status}
    return asked | {"allThreadsRelatedToChannelId": channel_id, "fields": f"nextPageToken,items({THREAD})"}


def _pages(read: Read, path: str, asked: dict[str, str], most: int = PAGES) -> Iterator[Item]:
    for _page in range(most):
        told = read(path, **asked)
        yield told
        token = wire.text(told.get("nextPageToken"))
        if not token:
            return
        if token == asked.get("pageToken"):
            break  # and would be told for ever
        asked = asked | {"pageToken": token}
    raise Endless


class Look:
    """One listing of all that was written since then. Raises SendNotReached, LookLater among them, or SendRefused."""

    def __init__(self, connection: Connection, since: datetime) -> None:
        self.connection, self.since = connection, since
        self.titles: dict[str, str] = {}
        self.listed: set[str] = set()
        self.handle: str | None = None

    def comments(self) -> Iterator[Item]:
        # In this order: a thread of which one answer is held is listed twice.
        for status in (PUBLISHED, HELD):
            yield from self._in_state(status)
        self._leave_room()

    def under(self, thread: str) -> Iterator[Item]:
        """What was written under a comment, as far as it is worth: no listing waits for it."""
        try:
            for comment in answers(thread, self._read, OF_ONE_THREAD):
                if self._is_new(comment):
                    yield from self._item({}, comment, PUBLISHED)
        except (Endless, LookLater, SendRefused):  # it is gone, or takes no comments any more
            return
        self._leave_room()

    def _leave_room(self) -> None:
        share = self.connection.allowance * OF_LOOKING // 100
        self.connection.meter.apart = calls.looks.apart(self.connection, share)

    def _in_state(self, status: str) -> Iterator[Item]:
        for told in _pages(self._read, "commentThreads", _threads_of(self.connection.external_id, status)):
            threads = items(told)
            found = [(thread, comment) for thread in threads for comment in self._of(thread, status) if self._is_new(comment)]
            self._learn_titles({_video_of(thread) for thread, _comment in found})
            for thread, comment in found:
                yield from self._item(thread, comment, status)
            # Nobody says how the list is ordered once people write back: it is left where a whole page holds nothing new.
            if threads and not found:
                return

    def _read(self, path: str, **asked: str) -> Item:
        # Asked once at least: the answer tells which day it is there.
        units = self.connection.meter.units
        if units.at and (self._spent(Cost.READ) >= OF_LOOKING or self._spent(*Cost) >= OF_ALL):
            until = calls.until_midnight(units.at)
            raise LookLater(Reason.OTHER, "what is left of the day’s units is kept for answers", until)
        told = calls.read(self.connection, path, **asked)
        self.connection.meter.hear(self._spent(*Cost), timedelta(0))
        return told

    def _spent(self, *costs: Cost) -> int:
        return calls.percent(self.connection, *costs)

    def _of(self, thread: Item, status: str) -> list[Item]:
        """The comment that began it and what stands under it: a thread shows a few answers, and says how many there are.

        What is held is shown there or nowhere; and of a thread from before, only what is shown is worth a call.
        """
        root, shown = _root_of(thread), _shown(thread)
        more, name = wire.number(snippet(thread).get("totalReplyCount")) > len(shown), reading.known_by(root.get("id"))
        if more and name and status == PUBLISHED and self._is_new(root) and self.connection.meter.units.here.total() < DEAREST:
            return [root, *self._answers(name, shown)]
        return [root, *shown]

    def _answers(self, thread: str, shown: list[Item]) -> list[Item]:
        """All of them; where they do not end, those that were read: no other thread waits for this one."""
        found: list[Item] = []
        try:
            found.extend(answers(thread, self._read, OF_ONE_THREAD))
        except Endless:
            found += shown
        return found

    def _is_new(self, comment: Item) -> bool:
        at = reading.at_of(comment)
        return at is None or at >= self.since

    def _item(self, thread: Item, comment: Item, status: str) -> Iterator[Item]:
        told = snippet(comment) | {"videoId": _video_of(thread)}
        if status == HELD:
            told.setdefault("moderationStatus", HELD)
        if not reading.author_of(comment) and self._under_our_handle(comment):
            told["authorChannelId"] = {"value": self.connection.external_id}
        whole, name = comment | {"snippet": told}, reading.known_by(comment.get("id"))
        if (name and name in self.listed) or reading.state_of(whole) is Moderation.REJECTED:
            return  # what was refused may stand beside what is held, and is nobody's question
        self.listed.add(name)
        yield reading.item(whole, owner=wire.text(snippet(thread).get("channelId")), title=self.titles.get(_video_of(thread), ""))

    def _under_our_handle(self, comment: Item) -> bool:
        """YouTube may leave out whose it is; a handle stands beside it, and no two channels have the same."""
        beside = wire.text(snippet(comment).get("authorDisplayName")).casefold()
        if beside and self.handle is None:
            told = self._read("channels", part="snippet", mine="true", fields="items(id,snippet(customUrl))")
            mine = (each for each in items(told) if each.get("id") == self.connection.external_id)
            self.handle = next((wire.text(snippet(each).get("customUrl")).casefold() for each in mine), "")
        return bool(beside) and beside == self.handle

    def _learn_titles(self, videos: set[str]) -> None:
        wanted = sorted(videos - {""} - set(self.titles))
        for start in range(0, len(wanted), TITLES):
            some = wanted[start : start + TITLES]
            told = self._read("videos", part="snippet", id=",".join(some), fields="items(id,snippet(title))")
            self.titles |= dict.fromkeys(some, "")
            self.titles |= {reading.known_by(video.get("id")): wire.text(snippet(video).get("title")) for video in items(told)}


def _root_of(thread: Item) -> Item:
    return wire.mapping(snippet(thread).get("topLevelComment"))


def _shown(thread: Item) -> list[Item]:
    return [each for each in wire.sequence(wire.mapping(thread.get("replies")).get("comments")) if isinstance(each, dict)]


def _video_of(thread: Item) -> str:
    return reading.known_by(snippet(thread).get("videoId"))
