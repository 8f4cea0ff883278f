"""Looking through the comments of a site: page by page, each with what has to be asked beside it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from inbox.platforms import markup, wire
from inbox.platforms.base import Connection, Reason, SendNotReached, SendRefused
from inbox.platforms.wordpress import calls

PAGE, PAGES = 50, 100  # comments a page: their texts may be long; pages of one listing
# What is asked for, and so all that leaves the site: no e-mail address, no IP address.
COMMENT = "id,post,parent,author,author_name,date_gmt,content.raw,status"
EDITORS = "administrator,editor,author,contributor"


def words(comment: dict[str, Any]) -> str:
    return markup.plain(wire.text(wire.mapping(comment.get("content")).get("raw")))


def pages(connection: Connection, since: datetime, **more: str) -> Iterator[list[dict[str, Any]]]:
    """All that were written since then, published or held; neither spam nor trash. Raises SendNotReached when they do not end.

    A page at a time: whoever asked may have waited long enough.
    """
    asked = {"context": "edit", "status": "all", "orderby": "date_gmt", "order": "asc", "per_page": str(PAGE), "_fields": COMMENT}
    asked |= {"after": f"{since:%Y-%m-%dT%H:%M:%S}Z"} | more
    for page in range(1, PAGES + 1):
        comments, last = calls.page(connection, "wp/v2/comments", page=str(page), **asked)
        yield [comment | {"author": wire.identifier(comment.get("author"))} for comment in comments]
        if last:
            return
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


class Site:
    """What has to be asked beside the comments, once a listing."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.titles: dict[str, tuple[str, str]] = {}

    @cached_property
    def staff(self) -> set[str]:
        """Who speaks for the site: this account, and all who write there, as far as it may know them."""
        known = {calls.me(self.connection)["id"]}
        # Without a role an account that may not list people is shown those alone who have published.
        for asked in ({"roles": EDITORS}, {}):
            try:
                users, _last = calls.page(self.connection, "wp/v2/users", per_page="100", _fields="id", **asked)
            except SendRefused:
                continue
            return known | {wire.identifier(user.get("id")) for user in users}
        return known

    def completed(self, comments: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """In the form of the website webhook: whose words they are, plain, and the posts they stand under."""
        ours = self.staff if {wire.identifier(comment.get("author")) for comment in comments} - {"", "0"} else set()
        self._learn_titles({wire.identifier(comment.get("post")) for comment in comments} - {"", "0"} - set(self.titles))
        for comment in comments:
            title, link = self.titles.get(wire.identifier(comment.get("post")), ("", ""))
            kept = {name: comment.get(name) for name in ("id", "post", "parent", "status", "date_gmt", "author_name")}
            own = wire.identifier(comment.get("author")) in ours
            yield kept | {"content": {"raw": words(comment)}, "own": own, "post_title": title, "post_link": link}

    def _learn_titles(self, numbers: set[str]) -> None:
        """And addresses. A page is no post, and stays without."""
        if not numbers:
            return
        asked = ",".join(sorted(numbers))
        posts, _last = calls.page(self.connection, "wp/v2/posts", include=asked, per_page="100", _fields="id,title.rendered,link")
        self.titles |= dict.fromkeys(numbers, ("", ""))
        for post in posts:
            title = wire.text(wire.mapping(post.get("title")).get("rendered"))
            self.titles[wire.identifier(post.get("id"))] = (title, wire.text(post.get("link")))
