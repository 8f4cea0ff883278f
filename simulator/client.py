"""A client of /_sim/, for tests and commands. Needs nothing of the simulator but its address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

Json = dict[str, Any]


class SimulatorError(Exception):
    """The simulator did not take it; its own words."""


class Simulator:
    def __init__(self, url: str, *, timeout: float = 30) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.http = requests.Session()
        self.http.trust_env = False

    def ask(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """Any call of /_sim/; a platform's own ones have no method here."""
        chosen = {name: self._plain(value) for name, value in (given or {}).items() if value is not None}
        parts: Json = {"params": chosen} if method == "GET" else {"json": chosen}
        answer = self.http.request(method, f"{self.url}/_sim/{path}", timeout=self.timeout, **parts)
        if not answer.ok:
            raise SimulatorError(f"{answer.status_code} {answer.text[:300]}")
        return answer.json()

    @staticmethod
    def _plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def healthy(self) -> bool:
        try:
            return bool(self.ask("GET", "healthz")["ok"])
        except (requests.RequestException, SimulatorError):
            return False

    # --- pages

    def pages(self) -> list[Json]:
        return self.ask("GET", "pages")

    def create_page(
        self,
        platform: str,
        external_id: str,
        *,
        name: str,
        token: str,
        username: str = "",
        posts: list[str] | None = None,
        extra: Json | None = None,
    ) -> Json:
        given = {
            "platform": platform,
            "external_id": external_id,
            "name": name,
            "token": token,
            "username": username,
            "posts": posts or [],
            "extra": extra or {},
        }
        return self.ask("POST", "pages", given)

    def publish(
        self,
        page: str,
        text: str,
        *,
        author: str | None = None,
        kind: str = "",
        extra: Json | None = None,
        external_id: str = "",
        at: datetime | None = None,
        silent: bool = False,
    ) -> Json:
        """author: somebody else than the page, on its wall or, by the post's `kind`, elsewhere."""
        given = {"page": page, "text": text, "author": author, "kind": kind, "extra": extra, "external_id": external_id}
        return self.ask("POST", "posts", given | {"at": at, "silent": silent})

    def edit_post(self, post: str, text: str, *, at: datetime | None = None) -> Json:
        return self._change("posts", post, "edit", {"text": text, "at": at})

    def remove_post(self, post: str, *, at: datetime | None = None) -> Json:
        return self._change("posts", post, "remove", {"at": at})

    # --- what customers do

    def comment(
        self,
        page: str,
        text: str = "",
        *,
        author: str | None = "Julie Exemple",
        post: str | None = None,
        parent: str | None = None,
        photo: str = "",
        extra: Json | None = None,
        external_id: str = "",
        at: datetime | None = None,
    ) -> Json:
        """author=None: a comment whose author the platform withholds. post=None: the page's latest post."""
        given = {"page": page, "text": text, "author": author, "post": post, "parent": parent, "photo": photo}
        return self.ask("POST", "comments", given | {"extra": extra, "external_id": external_id, "at": at})

    def native_comment(
        self, page: str, text: str, *, parent: str | None = None, post: str | None = None, at: datetime | None = None
    ) -> Json:
        """The page itself answers, in the platform's own app."""
        return self.ask(
            "POST", "comments", {"page": page, "text": text, "parent": parent, "post": post, "native": True, "at": at}
        )

    def edit_comment(self, comment: str, text: str, *, at: datetime | None = None) -> Json:
        return self._change("comments", comment, "edit", {"text": text, "at": at})

    def remove_comment(self, comment: str, *, at: datetime | None = None) -> Json:
        return self._change("comments", comment, "remove", {"at": at})

    def hide_comment(self, comment: str, *, at: datetime | None = None) -> Json:
        return self._change("comments", comment, "hide", {"at": at})

    def unhide_comment(self, comment: str, *, at: datetime | None = None) -> Json:
        return self._change("comments", comment, "unhide", {"at": at})

    def react_to_comment(
        self, comment: str, reaction: str = "love", *, author: str = "Julie Exemple", at: datetime | None = None
    ) -> Json:
        return self._change("comments", comment, "react", {"reaction": reaction, "author": author, "at": at})

    def message(
        self,
        page: str,
        text: str = "",
        *,
        author: str = "Julie Exemple",
        attachments: list[Json] | None = None,
        reply_to: str = "",
        extra: Json | None = None,
        external_id: str = "",
        at: datetime | None = None,
    ) -> Json:
        """attachments: [{"type": "image", "url": "https://…"}]. extra: what only the platform knows of a message."""
        given = {"page": page, "text": text, "author": author, "attachments": attachments, "reply_to": reply_to}
        return self.ask("POST", "messages", given | {"extra": extra, "external_id": external_id, "at": at})

    def native_message(self, page: str, text: str, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        """The page itself writes to `author`, in the platform's own inbox."""
        return self.ask("POST", "messages", {"page": page, "text": text, "author": author, "native": True, "at": at})

    def edit_message(self, message: str, text: str, *, at: datetime | None = None) -> Json:
        return self._change("messages", message, "edit", {"text": text, "at": at})

    def delete_message(self, message: str, *, at: datetime | None = None) -> Json:
        return self._change("messages", message, "delete", {"at": at})

    def react_to_message(self, message: str, reaction: str = "love", *, at: datetime | None = None) -> Json:
        return self._change("messages", message, "react", {"reaction": reaction, "at": at})

    def review(
        self,
        page: str,
        text: str = "",
        *,
        author: str | None = "Julie Exemple",
        stars: int | None = None,
        recommends: bool | None = None,
        extra: Json | None = None,
        external_id: str = "",
        at: datetime | None = None,
    ) -> Json:
        given = {"page": page, "text": text, "author": author, "stars": stars, "recommends": recommends}
        return self.ask("POST", "reviews", given | {"extra": extra, "external_id": external_id, "at": at})

    def edit_review(
        self,
        review: str,
        text: str | None = None,
        *,
        stars: int | None = None,
        recommends: bool | None = None,
        at: datetime | None = None,
    ) -> Json:
        given = {"text": text, "stars": stars, "recommends": recommends, "at": at}
        return self.ask("POST", f"reviews/{quote(review, safe='')}/do/edit", given)

    def remove_review(self, review: str, *, at: datetime | None = None) -> Json:
        return self.ask("POST", f"reviews/{quote(review, safe='')}/do/remove", {"at": at})

    def _change(self, kind: str, external_id: str, verb: str, given: Json) -> Json:
        return self.ask("POST", f"{kind}/{quote(external_id, safe='')}/{verb}", given)

    # --- what is there

    def state(self, page: str | None = None) -> Json:
        return self.ask("GET", "state", {"page": page})

    def replies(self, *, comment: str | None = None, person: str | None = None, page: str | None = None) -> list[Json]:
        """What our app had accepted, oldest first."""
        return self.ask("GET", "replies", {"comment": comment, "person": person, "page": page})

    # --- webhooks

    def deliveries(self, limit: int = 100) -> list[Json]:
        """Newest first."""
        return self.ask("GET", "deliveries", {"limit": limit})

    def wait(self, timeout: float = 10) -> bool:
        """Wait until every webhook on its way has been taken; False when some are still not."""
        return bool(self.ask("POST", "wait", {"timeout": timeout})["drained"])

    def flush(self) -> None:
        self.ask("POST", "push/flush")

    def release(self) -> int:
        return int(self.ask("POST", "push/release")["released"])

    def deliver_raw(self, endpoint: str, body: str | Json | list[Any], *, signature: str = "", app: str = "") -> Json:
        return self.ask("POST", "raw", {"endpoint": endpoint, "body": body, "signature": signature, "app": app})

    def handshake(self) -> Json:
        """Challenge every receiver now; what came of it."""
        return self.ask("POST", "handshake")

    def handshakes(self) -> Json:
        """The last challenge of each receiver, and how many in a row it failed."""
        return self.ask("GET", "handshakes")

    # --- knobs

    def fault(
        self, kind: str, *, page: str | None = None, platform: str = "", value: str | int = "", count: int | None = None
    ) -> list[Json]:
        """Turn a fault on: for a page, a platform or all; `count` times, or until cleared."""
        return self.ask("POST", "faults", {"kind": kind, "page": page, "platform": platform, "value": value, "count": count})

    def faults(self) -> list[Json]:
        """Those that are on, and how often they will still happen."""
        return self.ask("GET", "faults")

    def clear_faults(self) -> None:
        self.ask("DELETE", "faults")

    def configure(self, **options: Any) -> Json:
        """Change some options and tell them all; their names and meanings are in simulator/options.py."""
        return self.ask("POST", "options", options)

    def trickle_now(self) -> str:
        return str(self.ask("POST", "trickle")["happened"])

    def reset(self, *, pages: bool = True) -> None:
        self.ask("POST", "reset", {"pages": pages})
