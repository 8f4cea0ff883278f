"""Google Business Profile on a real socket, as far as Comptoir asks it: one account, one location, reviews by their number."""

import json
from typing import Any

from tests.inbox.platforms.contract import FIXTURES
from tests.inbox.platforms.server import Asked, Platform, Saying

LOCATION, TOPIC, TOKEN = "locations/2", "projects/ours/topics/reviews", "lasting-token"


def review(fixture: str, /, **more: Any) -> dict[str, Any]:
    return json.loads((FIXTURES / "google" / "reviews" / f"{fixture}.json").read_text()) | more


class Business:
    """Google, as far as it is asked: reviews by their number, one notification setting, tokens that are told apart by number."""

    def __init__(self, server: Platform) -> None:
        self.server, self.tokens, self.reviews = server, 0, {"3": review("review")}
        self.alive: set[str] = set()
        self.clock = "2026-11-23T17:00:04Z"
        self.setting = {"pubsubTopic": TOPIC, "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW"]}
        self.locations = [{"name": "locations/1", "title": "Une autre"}, {"name": LOCATION, "title": "Pharmacie Exemple"}]
        self.refuses: list[Saying] = []

    def answer(self, asked: Asked) -> Saying:
        if asked.path == "/token":
            return self._token(asked)
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.alive:
            return refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if self.refuses:
            return self.refuses.pop(0)
        if asked.path == "/v1/accounts/1/locations":
            return self._paged(asked, "locations", self.locations)
        if asked.path == "/v1/accounts/1/notificationSetting":
            self.setting = asked.json if asked.method == "PATCH" else self.setting
            return Saying(self.setting)
        assert asked.path.startswith("/v4/accounts/1/locations/2/reviews"), asked.path
        return self._reviews(asked, asked.path.split("/")[7:])

    def _token(self, asked: Asked) -> Saying:
        if asked.form["refresh_token"] != TOKEN:
            return Saying({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
        self.tokens += 1
        self.alive = {f"hour-{self.tokens}"}
        return Saying({"access_token": f"hour-{self.tokens}", "expires_in": 3599, "token_type": "Bearer"})

    def _reviews(self, asked: Asked, path: list[str]) -> Saying:
        if not path:
            newest_first = sorted(self.reviews.values(), key=lambda one: one["updateTime"], reverse=True)
            return self._paged(asked, "reviews", newest_first)
        found = self.reviews.get(path[0])
        if found is None or (asked.method == "DELETE" and "reviewReply" not in found):
            return refusal(404, "NOT_FOUND", "Requested entity was not found.")
        match asked.method:
            case "PUT":
                answer = {"comment": asked.json["comment"], "updateTime": self.clock, "reviewReplyState": "PENDING"}
                found["reviewReply"] = answer
                return Saying(answer)
            case "DELETE":
                del found["reviewReply"]
                return Saying({})
        return Saying(found)

    def _paged(self, asked: Asked, name: str, rows: list[dict[str, Any]]) -> Saying:
        start, size = int(asked.query.get("pageToken", "p0")[1:]), int(asked.query["pageSize"])
        more = {"nextPageToken": f"p{start + size}"} if start + size < len(rows) else {}
        return Saying({name: rows[start : start + size]} | more)


def refusal(code: int, status: str, message: str = "Non.") -> Saying:
    return Saying({"error": {"code": code, "message": message, "status": status}}, code)
