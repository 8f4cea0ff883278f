"""Looking for what was written: threads page by page, published and held, and the answers that a thread does not show."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from inbox.platforms import wire
from inbox.platforms.base import Connection, Moderation, Reason, SendNotReached
from inbox.platforms.youtube import calls, reading
from inbox.platforms.youtube.calls import Item, items, snippet

PAGES, AT_ONCE, TITLES = 100, "100", 50  # pages of one listing, what stands on each, videos asked for in one call
PLAIN = {"part": "snippet", "textFormat": "plainText"}
THREAD = f"snippet(channelId,videoId,totalReplyCount,topLevelComment({reading.FIELDS})),replies(comments({reading.FIELDS}))"
LEFT_TO_ANSWERS = 30  # percent of a day's units, which looking does not touch
PUBLISHED, HELD = "published", "heldForReview"

Read = Callable[..., Item]  # (path, **params)


def answers(thread: str, read: Read) -> Iterator[Item]:
    """All that stand under a comment. Raises SendNotReached when they do not end, and what reading raises."""
    asked = PLAIN | {"parentId": thread, "maxResults": AT_ONCE, "fields": f"nextPageToken,items({reading.FIELDS})"}
    for told in _pages(read, "comments", asked):
        yield from items(told)


def _pages(read: Read, path: str, asked: dict[str, str]) -> Iterator[Item]:
    for _page in range(PAGES):
        told = read(path, **asked)
        yield told
        token = wire.text(told.get("nextPageToken"))
        if not token:
            return
        asked = asked | {"pageToken": token}
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


class Look:
    """One listing of all that was written since then. Raises SendNotReached or SendRefused."""

    def __init__(self, connection: Connection, since: datetime) -> None:
        self.connection, self.since = connection, since
        self.titles: dict[str, str] = {}
        self.listed: set[str] = set()

    def comments(self) -> Iterator[Item]:
        # In this order: a thread of which one answer is held is listed twice.
        for status in (PUBLISHED, HELD):
            yield from self._in_state(status)

    def _in_state(self, status: str) -> Iterator[Item]:
        asked = PLAIN | {"part": "snippet,replies", "maxResults": AT_ONCE, "order": "time", "moderationStatus": status}
        asked |= {"allThreadsRelatedToChannelId": self.connection.external_id, "fields": f"nextPageToken,items({THREAD})"}
        for told in _pages(self._read, "commentThreads", asked):
            threads = items(told)
            found = [(thread, comment) for thread in threads for comment in self._of(thread, status) if self._is_new(comment)]
            self._learn_titles({_video_of(thread) for thread, _comment in found})
            for thread, comment in found:
                yield from self._item(thread, comment, status)
            # Nobody says how the list is ordered once people write back: it is left where a whole page holds nothing new.
            if threads and not found:
                return

    def _read(self, path: str, **asked: str) -> Item:
        if (self.connection.meter.used or 0) >= 100 - LEFT_TO_ANSWERS:
            raise SendNotReached(Reason.OTHER, "what is left of the day’s units is kept for answers")
        told = calls.read(self.connection, path, **asked)
        self.connection.meter.hear(calls.spent.percent(self.connection), timedelta(0))
        return told

    def _of(self, thread: Item, status: str) -> list[Item]:
        """The comment that began it and what stands under it: a thread shows a few answers, and says how many there are.

        What is held is shown there or nowhere; and of a thread from before, only what is shown is worth a call.
        """
        root = wire.mapping(snippet(thread).get("topLevelComment"))
        shown = [each for each in wire.sequence(wire.mapping(thread.get("replies")).get("comments")) if isinstance(each, dict)]
        more = wire.number(snippet(thread).get("totalReplyCount")) > len(shown)
        if more and status == PUBLISHED and self._is_new(root):
            shown = list(answers(wire.text(root.get("id")), self._read))
        return [root, *shown]

    def _is_new(self, comment: Item) -> bool:
        at = reading.at_of(comment)
        return at is None or at >= self.since

    def _item(self, thread: Item, comment: Item, status: str) -> Iterator[Item]:
        told = snippet(comment) | {"videoId": _video_of(thread)}
        if status == HELD:
            told.setdefault("moderationStatus", HELD)
        whole, name = comment | {"snippet": told}, wire.text(comment.get("id"))
        if name in self.listed or reading.state_of(whole) is Moderation.REJECTED:
            return  # what was refused may stand beside what is held, and is nobody's question
        self.listed.add(name)
        yield reading.item(whole, owner=wire.text(snippet(thread).get("channelId")), title=self.titles.get(_video_of(thread), ""))

    def _learn_titles(self, videos: set[str]) -> None:
        wanted = sorted(videos - {""} - set(self.titles))
        for start in range(0, len(wanted), TITLES):
            some = wanted[start : start + TITLES]
            told = self._read("videos", part="snippet", id=",".join(some), fields="items(id,snippet(title))")
            self.titles |= dict.fromkeys(some, "")
            self.titles |= {wire.text(video.get("id")): wire.text(snippet(video).get("title")) for video in items(told)}


def _video_of(thread: Item) -> str:
    return wire.text(snippet(thread).get("videoId"))
