from datetime import datetime
from typing import Any

from simulator.client.asking import Asking, Json


class Meta(Asking):
    """What only Facebook, Messenger and Instagram have. `author` is a name; a person is known by it from then on."""

    def postback(
        self, page: str, title: str, payload: str = "HOURS", *, author: str = "Julie Exemple", at: datetime | None = None
    ) -> Json:
        given = {"page": page, "title": title, "payload": payload, "author": author, "at": at}
        return self.ask("POST", "meta/postback", given)

    def seen(self, page: str, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        """The person has read everything the page wrote."""
        return self._thread("seen", page, author, at=at)

    def delivered(self, page: str, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        return self._thread("delivered", page, author, at=at)

    def referral(self, page: str, referral: Json, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        return self._thread("referral", page, author, referral=referral, at=at)

    def happen(self, page: str, payload: Json, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        """Any other item of `messaging`: {"optin": …}, {"app_roles": …}, {"policy_enforcement": …}."""
        return self._thread("happen", page, author, payload=payload, at=at)

    def take_thread(self, page: str, *, author: str = "Julie Exemple", app: str = "") -> Json:
        """Another app, by default the platform's own inbox, answers there."""
        return self._thread("take", page, author, app=app)

    def pass_thread(self, page: str, *, author: str = "Julie Exemple") -> Json:
        return self._thread("pass", page, author)

    def block_page(self, page: str, *, author: str = "Julie Exemple", blocked: bool = True) -> Json:
        return self._thread("block", page, author, blocked=blocked)

    def _thread(self, verb: str, page: str, author: str, **more: Any) -> Json:
        return self.ask("POST", f"meta/threads/{verb}", {"page": page, "author": author, **more})

    def unsupported(self, page: str, *, author: str = "Julie Exemple", at: datetime | None = None) -> Json:
        return self.ask("POST", "meta/unsupported", {"page": page, "author": author, "at": at})

    def react_to_post(
        self, page: str, post: str, reaction: str = "love", *, author: str = "Julie Exemple", at: datetime | None = None
    ) -> Json:
        return self.ask("POST", "meta/react", {"page": page, "post": post, "reaction": reaction, "author": author, "at": at})

    def like_page(self, page: str, *, author: str = "Julie Exemple") -> Json:
        return self.ask("POST", "meta/react", {"page": page, "author": author})

    def end_live(self, post: str) -> Json:
        return self.ask("POST", "meta/end-live", {"post": post})

    def kill_keys(self, reason: str = "460", *, page: str | None = None) -> int:
        """reason: a subcode of 190; "" brings them back. Without a page: all that the manager granted."""
        return int(self.ask("POST", "meta/kill", {"reason": reason, "page": page})["killed"])

    def expire_keys(self, page: str, *, at: datetime | None = None) -> int:
        return int(self.ask("POST", "meta/expire", {"page": page, "at": at})["changed"])

    def withdraw(self, scope: str, *, page: str | None = None, silently: bool = False) -> list[str]:
        """Take a permission away; the pages it was taken from."""
        return list(self.ask("POST", "meta/withdraw", {"scope": scope, "page": page, "silently": silently})["pages"])

    def lose_role(self, page: str, *, lost: bool = True) -> int:
        return int(self.ask("POST", "meta/lose-role", {"page": page, "lost": lost})["killed"])

    def leave(self, url: str, *, user: str = "10001", kill: bool = False, wrong: bool = False, instagram: bool = False) -> Json:
        """POST a signed_request to a deauthorize or data-deletion callback; what it answered. wrong: badly signed."""
        given = {"url": url, "user": user, "kill": kill, "wrong": wrong, "instagram": instagram}
        return self.ask("POST", "meta/leave", given)

    def keys(self) -> list[Json]:
        found: list[Json] = self.ask("GET", "meta/tokens")
        return found
