"""A WordPress site on a real socket, as far as Comptoir asks it; written from WordPress's own documents."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.inbox.platforms.server import Asked, Platform, Saying

FIXTURES = Path(__file__).parents[1] / "fixtures" / "wordpress"
USER, PASSWORD = "comptoir", "abcd efgh ijkl mnop"
STAFF = {"3": "administrator", "2": "editor"}


def comment(name: str, **more: Any) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text()) | more


@dataclass
class Blog:
    """answer() is what the server says; `refuses` puts a refusal in the way of a path."""

    server: Platform
    comments: list[dict[str, Any]] = field(default_factory=list)
    posts: dict[str, str] = field(default_factory=lambda: {"55": "Le vaccin contre la grippe&nbsp;!"})
    moderates: bool = True
    lists_people: bool = True
    refuses: dict[str, Saying] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Saying:
        path = asked.path.removeprefix("/wp-json/").removeprefix("wp/v2/")
        if asked.headers.get("Authorization") != f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}":
            return Saying({"code": "incorrect_password", "message": "<strong>Error</strong>: wrong"}, 401)
        if path in self.refuses:
            return self.refuses[path]
        if path.startswith("comments/"):
            return self._one(asked, path.partition("/")[2])
        known = {"": self._index, "users/me": self._me, "users": self._users, "posts": self._posts, "comments": self._comments}
        return known[path](asked)

    def _index(self, asked: Asked) -> Saying:
        return Saying({"name": "Le blogue de l&#8217;exemple"})

    def _me(self, asked: Asked) -> Saying:
        return Saying({"id": 3, "capabilities": {"moderate_comments": self.moderates, "read": True}})

    def _users(self, asked: Asked) -> Saying:
        if "roles" in asked.query and not self.lists_people:
            return Saying({"code": "rest_user_cannot_view", "message": "no"}, 403)
        return Saying([{"id": int(number)} for number in STAFF])

    def _posts(self, asked: Asked) -> Saying:
        wanted = asked.query["include"].split(",")
        shown = [
            {"id": int(number), "title": {"rendered": title}, "link": f"https://blog.example/{number}/"}
            for number, title in self.posts.items()
            if number in wanted
        ]
        return Saying(shown)

    def _comments(self, asked: Asked) -> Saying:
        if asked.method == "POST":
            return self._write(asked.json)
        listed = [one for one in self.comments if one["status"] in {"approved", "hold"}]
        if "parent" in asked.query:
            listed = [one for one in listed if str(one["parent"]) == asked.query["parent"]]
        size, page = int(asked.query["per_page"]), int(asked.query["page"])
        pages = -(-len(listed) // size)
        shown = [self._shown(one, asked) for one in listed[(page - 1) * size : page * size]]
        return Saying(shown, headers={"X-WP-Total": str(len(listed)), "X-WP-TotalPages": str(pages)})

    def _shown(self, one: dict[str, Any], asked: Asked) -> dict[str, Any]:
        wanted = {name.partition(".")[0] for name in asked.query["_fields"].split(",")}
        return {name: value for name, value in one.items() if name in wanted}

    def _write(self, given: dict[str, Any]) -> Saying:
        written = comment("own", id=900 + len(self.comments), parent=int(given["parent"]), post=int(given["post"]))
        self.comments.append(written | {"content": {"raw": given["content"]}, "date_gmt": "2026-11-23T17:00:04"})
        return Saying(self.comments[-1], 201)

    def _one(self, asked: Asked, number: str) -> Saying:
        found = next((one for one in self.comments if str(one["id"]) == number), None)
        if found is None:
            return Saying({"code": "rest_comment_invalid_id", "message": "Invalid comment ID."}, 404)
        if asked.method == "DELETE":
            self.comments.remove(found)
            return Saying({"deleted": True, "previous": found})
        if asked.method == "POST":
            found |= {"status": asked.json["status"]} if "status" in asked.json else {"content": {"raw": asked.json["content"]}}
        return Saying(found)
