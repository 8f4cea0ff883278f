"""WordPress, which tells nothing by itself: polled over its own REST interface, with an application password."""

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, markup, website, wire
from inbox.platforms.base import (
    Action,
    Address,
    Connection,
    Connector,
    Deed,
    Difference,
    Event,
    Field,
    Health,
    Kind,
    Limit,
    Moderation,
    Outgoing,
    Reason,
    SendError,
    SendNotReached,
    SendRefused,
    Sent,
)

PAGE, PAGES = 50, 100  # comments a page: their texts may be long; pages of one listing
# What is asked for, and so all that leaves the site: no e-mail address, no IP address.
COMMENT = "id,post,parent,author,author_name,date_gmt,content.raw,status"
EDITORS = "administrator,editor,author,contributor"
MAY = "moderate_comments"
DECIDED = {Action.APPROVE: "approved", Action.REJECT: "trash"}
DAY = timedelta(days=1)  # `after` is a time of the site's own in some versions


class WordPress(Connector):
    slug = "wordpress"
    label = "WordPress"
    family = ""
    kinds = (Kind.COMMENT,)
    identified_by = Field(
        "external_id", _("Address of the site"), _("As its visitors see it: https://blogue.example.com"), kind="site"
    )
    fields = (Field("user", _("User name"), _("Of an account on the site that may moderate comments.")),)
    proven_by = Field(
        "token",
        _("Application password"),
        _("Made on the site under Users, Profile, Application Passwords. Kept encrypted, and never shown again."),
        kind="secret",
    )
    variables = (website.PRIVATE_ORIGINS,)
    list_every = timedelta(minutes=2)
    list_back = timedelta(days=14)
    longest_look = timedelta(minutes=1)  # many sites share one lane, and some are slow

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(public_but=tuple(variables["PRIVATE_ORIGINS"]))

    def identifier(self, typed: str) -> str:
        return typed.strip().rstrip("/")

    def limit(self, kind: Kind) -> Limit:
        return Limit(65_525, "bytes")

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        self.limit(Kind.COMMENT).check(message.text)
        comment = {"post": message.post_id, "parent": message.reply_to or "0", "content": _marked_up(message.text)}
        answer = _write(connection, "POST", "comments", comment)
        return Sent(http.sent_id(answer.data.get("id")), wire.iso(answer.data.get("date_gmt")) or answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        me, earliest = _me(connection)["id"], since.replace(microsecond=0)
        found = []
        for comment in chain.from_iterable(_pages(connection, since, parent=message.reply_to or "0")):
            at = wire.iso(comment.get("date_gmt"))
            if comment["author"] == me and at and at >= earliest and wire.same_words(_words(comment), message.text):
                found.append(Sent(wire.identifier(comment.get("id")), at))
        return min(found, key=lambda sent: sent.at, default=None)

    def identity(self, connection: Connection) -> str:
        if MAY not in _me(connection)["may"]:
            raise SendRefused(Reason.PERMISSION, MAY)
        return _name(connection)

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return frozenset({Action.EDIT, Action.DELETE} if ours else {Action.APPROVE, Action.REJECT, Action.DELETE})

    def act(self, deed: Deed, connection: Connection) -> None:
        write = partial(_write, connection, path=f"comments/{_number(deed.external_id)}")
        match deed.action:
            case Action.APPROVE | Action.REJECT:
                wanted = DECIDED[deed.action]
                if _state(deed.external_id, connection) is not website.STATES[wanted]:  # a change to what is fails there
                    write("POST", json={"status": wanted})
            case Action.EDIT:
                self.limit(deed.kind).check(deed.text)
                write("POST", json={"content": _marked_up(deed.text)})
            case Action.DELETE:
                _unless_gone(write)
            case _:
                super().act(deed, connection)

    # --- looking

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        site = _Site(connection)
        for comments in _pages(connection, since - DAY):
            yield from site.completed(comments)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        yield from website.turns({"platform": self.slug, "channel_id": channel_id}, item, None, refused=True)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        try:
            comment = _read(connection, f"wp/v2/comments/{_number(external_id)}", context="edit", _fields=COMMENT)
        except SendRefused as refusal:
            if refusal.reason is not Reason.GONE:
                raise
            return
        yield from _Site(connection).completed([comment])

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return False

    def look(self, external_id: str, kind: Kind, connection: Connection) -> dict[str, Any] | None:
        return next(self.fetch(external_id, connection), None)

    def check(self, connection: Connection) -> Health:
        lacking = () if MAY in _me(connection)["may"] else (MAY,)
        return Health(name=_name(connection), missing_permissions=lacking)


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "WordPress has no messages")


def _marked_up(text: str) -> str:
    """Plain words as the HTML that WordPress takes a comment for: its line breaks become paragraphs there."""
    return html.escape(text, quote=False)


def _words(comment: dict[str, Any]) -> str:
    return markup.plain(wire.text(wire.mapping(comment.get("content")).get("raw")))


def _number(external_id: str) -> str:
    if not (external_id.isascii() and external_id.isdigit()):
        raise SendRefused(Reason.GONE, "no comment of WordPress has such an id")
    return external_id


# --- calling ----------------------------------------------------------------------------------------


def _call(connection: Connection, path: str) -> dict[str, Any]:
    return {
        "url": f"{connection.external_id}/wp-json/{path}",
        "token": http.Basic(connection.settings.get("user", ""), connection.token),
        "public_but": connection.public_but,
    }


def _read(connection: Connection, path: str, **params: str) -> dict[str, Any]:
    """Raises SendNotReached or SendRefused."""
    answer = http.get(**_call(connection, path), params=params)
    if not answer.ok:
        raise refusal(answer)
    return answer.data


def _list(connection: Connection, path: str, **params: str) -> tuple[list[dict[str, Any]], bool]:
    """One page, and whether it is the last. Raises like _read."""
    answer = http.get(**_call(connection, path), params=params, shape=list)
    if not answer.ok:
        raise refusal(answer)
    last = wire.number(params.get("page")) >= wire.number(answer.headers.get("X-WP-TotalPages"))
    return [item for item in answer.data if isinstance(item, dict)], last


def _write(connection: Connection, method: str, path: str, json: dict[str, Any] | None = None, **params: str) -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    answer = http.write(method, **_call(connection, f"wp/v2/{path}"), json=json, params=params)
    if not answer.ok:
        raise refusal(answer)
    return answer


def _state(external_id: str, connection: Connection) -> Moderation | None:
    shown = _read(connection, f"wp/v2/comments/{_number(external_id)}", context="edit", _fields="id,status")
    return website.STATES.get(wire.text(shown.get("status")))


def _unless_gone(write: "partial[http.Answer]") -> None:
    try:
        write("DELETE", force="true")
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise


def _name(connection: Connection) -> str:
    return html.unescape(wire.text(_read(connection, "", _fields="name").get("name")))


def _me(connection: Connection) -> dict[str, Any]:
    found = _read(connection, "wp/v2/users/me", context="edit", _fields="id,capabilities")
    may = {name for name, granted in wire.mapping(found.get("capabilities")).items() if granted is True}
    return {"id": wire.identifier(found.get("id")), "may": may}


def _pages(connection: Connection, since: datetime, **more: str) -> Iterator[list[dict[str, Any]]]:
    """All that were written since then, published or held; neither spam nor trash. Raises SendNotReached when they do not end.

    A page at a time: whoever asked may have waited long enough.
    """
    asked = {"context": "edit", "status": "all", "orderby": "date_gmt", "order": "asc", "per_page": str(PAGE), "_fields": COMMENT}
    asked |= {"after": f"{since:%Y-%m-%dT%H:%M:%S}Z"} | more
    for page in range(1, PAGES + 1):
        comments, last = _list(connection, "wp/v2/comments", page=str(page), **asked)
        yield [comment | {"author": wire.identifier(comment.get("author"))} for comment in comments]
        if last:
            return
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


class _Site:
    """What has to be asked beside the comments, once a listing."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.titles: dict[str, tuple[str, str]] = {}

    @cached_property
    def staff(self) -> set[str]:
        """Who speaks for the site: this account, and all who write there, as far as it may know them."""
        known = {_me(self.connection)["id"]}
        # Without a role an account that may not list people is shown those alone who have published.
        for asked in ({"roles": EDITORS}, {}):
            try:
                users, _last = _list(self.connection, "wp/v2/users", per_page="100", _fields="id", **asked)
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
            yield kept | {"content": {"raw": _words(comment)}, "own": own, "post_title": title, "post_link": link}

    def _learn_titles(self, numbers: set[str]) -> None:
        """And addresses. A page is no post, and stays without."""
        if not numbers:
            return
        asked = ",".join(sorted(numbers))
        posts, _last = _list(self.connection, "wp/v2/posts", include=asked, per_page="100", _fields="id,title.rendered,link")
        self.titles |= dict.fromkeys(numbers, ("", ""))
        for post in posts:
            title = wire.text(wire.mapping(post.get("title")).get("rendered"))
            self.titles[wire.identifier(post.get("id"))] = (title, wire.text(post.get("link")))


# --- refusals ---------------------------------------------------------------------------------------

BY_CODE = {
    "rest_comment_closed": Reason.NOT_ALLOWED,
    "rest_comment_draft_post": Reason.NOT_ALLOWED,
    "rest_comment_trash_post": Reason.GONE,
    "rest_comment_invalid_id": Reason.GONE,
    "rest_comment_invalid_post_id": Reason.GONE,
    "rest_post_invalid_id": Reason.GONE,
    "rest_already_trashed": Reason.GONE,
    "rest_comment_content_invalid": Reason.INVALID,
    "comment_content_column_length": Reason.TOO_LONG,
    "comment_duplicate": Reason.DUPLICATE,
    "rest_no_route": Reason.NOT_ALLOWED,
}
BY_STATUS = {
    400: Reason.INVALID,
    401: Reason.TOKEN_DEAD,
    403: Reason.PERMISSION,
    409: Reason.INVALID,
}
FLOOD = timedelta(seconds=30)  # WordPress lets fifteen pass between two comments of one author


def refusal(answer: http.Answer) -> SendError:
    code = wire.text(answer.data.get("code"))
    detail = f"{markup.plain(wire.text(answer.data.get('message')))[:250]} {code[:40]}".strip() or f"HTTP {answer.status}"
    if code == "comment_flood" or answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, FLOOD)
    return SendRefused(BY_CODE.get(code) or BY_STATUS.get(answer.status, Reason.OTHER), detail)
