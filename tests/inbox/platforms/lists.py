"""A Graph that holds lists: each edge answers page by page, and remembers what it was asked."""

from typing import Any

from tests.inbox.platforms.server import Asked, Platform, Saying

Item = dict[str, Any]
GONE = Saying({"error": {"code": 100, "error_subcode": 33, "message": "no"}}, 400)
NOT_OURS = Saying({"error": {"code": 10, "message": "no"}}, 403)
BROKEN = Saying(status=500)


class Lists:
    """`edges`: "900111/comments" → items, or one answer for all. Nodes are asked without an edge."""

    def __init__(self, platform: Platform, edges: dict[str, Any]) -> None:
        self.platform, self.edges = platform, edges
        platform.says(self.answer)

    def answer(self, asked: Asked) -> Saying:
        found = self.edges.get(asked.path.removeprefix("/v26.0/"), [])
        if isinstance(found, Saying):
            return found
        return Saying(found if isinstance(found, dict) else self._page(found, asked))

    def _page(self, items: list[Item], asked: Asked) -> Item:
        start, size = int(asked.query.get("after", "0")), int(asked.query.get("limit", "25"))
        paging: Item = {"cursors": {"after": str(start + size)}}
        paging |= {"next": "https://graph.example/next"} if len(items) > start + size else {}
        return {"data": items[start : start + size], "paging": paging}

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.platform.asked if asked.path == f"/v26.0/{path}"]
