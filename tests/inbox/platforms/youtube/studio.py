"""A channel at YouTube on a real socket, for the tests that ask it."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from inbox import platforms
from tests.factories import DAY, MINUTE, NOON
from tests.inbox.platforms.contract import FIXTURES
from tests.inbox.platforms.server import Asked, Platform, Saying

youtube = platforms.get("youtube")
OURS = "UC0123456789abcdefghijkl"
TITLE = "Le vaccin contre la grippe"


def thread(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / "youtube" / f"{name}.json").read_text())


def many(count: int, *, apart: timedelta = MINUTE) -> list[dict[str, Any]]:
    """Threads of one comment each, the newest at NOON."""
    made = []
    for number in range(count):
        one, at = thread("published"), (NOON - number * apart).isoformat().replace("+00:00", "Z")
        one["snippet"]["topLevelComment"] |= {"id": f"Ug{number}"}
        one["snippet"]["topLevelComment"]["snippet"] |= {"publishedAt": at}
        made.append(one)
    return made


@dataclass
class Studio:
    """A channel on a real socket, as far as Comptoir asks it; `refuses` puts a refusal in the way of a path."""

    server: Platform
    published: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)  # all that stand under a comment
    takes_answers: bool = True
    refuses: dict[str, Saying] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Saying:
        if asked.path == "/token":
            assert asked.form["refresh_token"] == "lasting-token"
            return Saying({"access_token": "token-of-an-hour"})
        assert asked.headers["Authorization"] == "Bearer token-of-an-hour"
        path = asked.path.removeprefix("/youtube/v3/")
        if path in self.refuses:
            return self.refuses[path]
        return getattr(self, f"_{asked.method.lower()}_{path.replace('/', '_')}")(asked)

    def _get_commentThreads(self, asked: Asked) -> Saying:
        if "id" in asked.query:
            return Saying({"items": [{"snippet": {"canReply": self.takes_answers}}]})
        assert asked.query["allThreadsRelatedToChannelId"] == OURS
        return self._page(self.held if asked.query["moderationStatus"] == "heldForReview" else self.published, asked)

    def _get_comments(self, asked: Asked) -> Saying:
        if "parentId" in asked.query:
            return self._page(self.answers, asked)
        known = [each["snippet"]["topLevelComment"] for each in self.published] + self.answers
        shown = [each for each in known if each["id"] == asked.query["id"]]
        for each in shown:
            each["snippet"].pop("moderationStatus", None)  # not told where comments are asked for by their ids
        return Saying({"items": shown})

    def _get_channels(self, asked: Asked) -> Saying:
        ours = {"title": "Pharmacie Exemple", "customUrl": "@pharmacieexemple"}
        shown = ours if "mine" in asked.query else {"title": "Julie Exemple", "customUrl": "@julieexemple"}
        return Saying({"items": [{"id": OURS, "snippet": shown}]})

    def _get_videos(self, asked: Asked) -> Saying:
        return Saying({"items": [{"id": each, "snippet": {"title": TITLE}} for each in asked.query["id"].split(",")]})

    def _post_comments(self, asked: Asked) -> Saying:
        told = asked.json["snippet"]
        author = {"authorChannelId": {"value": OURS}, "publishedAt": "2026-11-23T17:00:04Z", "textDisplay": told["textOriginal"]}
        made = {"id": f"{told['parentId']}.{len(self.answers)}", "snippet": told | author}
        self.answers.append(made)
        return Saying(made)

    def _put_comments(self, asked: Asked) -> Saying:
        return Saying(asked.json)

    def _delete_comments(self, asked: Asked) -> Saying:
        return Saying(status=204, raw=b"")

    _post_comments_setModerationStatus = _delete_comments

    def _page(self, rows: list[dict[str, Any]], asked: Asked) -> Saying:
        start, size = int(asked.query.get("pageToken", "0")), int(asked.query["maxResults"])
        more = {"nextPageToken": str(start + size)} if len(rows) > start + size else {}
        return Saying({"items": rows[start : start + size]} | more)

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.server.asked if asked.path == f"/youtube/v3/{path}"]


def events(channel, since=NOON - DAY):
    read = (youtube.read_listed(OURS, item) for item in youtube.listing(channel, since, []))
    return [event for item in read for event in item]


def refused(reason: str, status: int = 403, message: str = "No.") -> Saying:
    return Saying({"error": {"code": status, "message": message, "errors": [{"domain": "x", "reason": reason}]}}, status)
