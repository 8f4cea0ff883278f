from datetime import datetime
from urllib.parse import quote

from simulator.client.asking import Asking, Json


class Content(Asking):
    """Pages, and what customers do there."""

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
