"""X as its documents have it: API v2 signed in OAuth 1.0, and Account Activity webhooks with posts in the shape of API 1.1.

Posts and comments are all posts there. `extra={"unasked": True}`: whoever wrote it took the page's name out of it.
"""

import base64
import hmac
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from simulator import acts, environment, faults, options, tokens, wire
from simulator.models import Comment, Delivery, Page, Resource, Source
from simulator.platforms import Endpoint, Platform, Regime, number
from simulator.signing import same, stable_number
from simulator.webhooks import handshakes
from simulator.wire import Json
from simulator.x.shown import LINK, Tweet, author, message_event, show, told, words

SECRETS = environment.secrets_of("X_CONSUMER_SECRET", default="dev-x-consumer-secret")
APPS = environment.many("SIMULATOR_X_CONSUMER_KEY", "X_CONSUMER_KEY", default="dev-x-consumer-key")
PAGE = {"external_id": "1500000000000000501", "name": "Pharmacie du Vieux-Quai", "username": "vieuxquai", "platform": "x"}
ACCESS, APP_TOKEN, WEBHOOK = "1500000000000000501-dev-x", "dev-x-app-token", "1860000000000000001"
percent = partial(quote, safe="~")


def signature(secret: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), message, "sha256").digest()).decode()


def signed(delivery: Delivery, body: bytes) -> dict[str, str]:
    return {"x-twitter-webhooks-signature": signature("another" if delivery.signature == "bad" else SECRETS[0], body)}


PROBLEMS = {  # status, title, detail, type
    "unauthorized": (401, "Unauthorized", "Unauthorized", ""),
    "forbidden": (403, "Forbidden", "You are not permitted to perform this action.", ""),
    "duplicate": (403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.", ""),
    "unasked": (403, "Forbidden", "Reply to this conversation is not allowed: its author has not mentioned or engaged you.", ""),
    "gone": (403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you.", ""),
    "invalid": (400, "Invalid Request", "One or more parameters to your request was invalid.", "invalid-request"),
    "throttled": (429, "Too Many Requests", "Too Many Requests", ""),
    "broken": (500, "Internal Server Error", "Internal Server Error", ""),
}
TYPES = "https://api.twitter.com/2/problems/"


def refuse(name: str, headers: dict[str, str] | None = None) -> HttpResponse:
    status, title, detail, kind = PROBLEMS[name]
    told = {"title": title, "detail": detail, "type": TYPES + kind if kind else "about:blank", "status": status}
    return wire.answer(told, status, headers, meta=False)


def call(view: Callable[..., Json]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    def wrapped(request: HttpRequest, **there: str) -> HttpResponse:
        write = request.method != "GET"
        try:
            page = caller(request)
            faults.before(page, write=write)
            request.moment = options.now()  # type: ignore[attr-defined]
            with transaction.atomic():
                given = view(request, page, **there)
            wrong = faults.after(page, request) if write else ""
            if wrong == "error":
                raise faults.Refused("broken")
            limits = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "270"}
            return wire.answer({} if wrong else given, 201 if request.method == "POST" else 200, limits, meta=False)
        except faults.Refused as refused:
            ends = int(options.now().timestamp()) + 60 * refused.minutes
            usual = "throttled" if refused.throttled else "unauthorized" if refused.dead else "forbidden"
            named = {"100/33": "gone"}.get(refused.name, refused.name)
            return refuse(named if named in PROBLEMS else usual, {"x-rate-limit-reset": str(ends)})
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


def caller(request: HttpRequest) -> Page:
    """Who signed the call (RFC 5849), with the app's secret and the token's own, which is called "<token>-secret"."""
    told = re.findall(r'(oauth_\w+)="([^"]*)"', request.headers.get("Authorization", ""))
    given = {name: unquote(value) for name, value in told}
    token, proof = tokens.find(given.get("oauth_token", ""), "x"), given.pop("oauth_signature", "")
    if token is None or token.page is None or given.get("oauth_consumer_key") not in APPS:
        raise faults.Refused("unauthorized")
    pairs = [*given.items(), *parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True)]
    listed = "&".join("=".join(pair) for pair in sorted((percent(name), percent(value)) for name, value in pairs))
    message = "&".join(map(percent, (str(request.method), request.build_absolute_uri(request.path), listed)))
    key = f"{percent(SECRETS[0])}&{percent(f'{token.value}-secret')}"
    if not same(base64.b64encode(hmac.new(key.encode(), message.encode(), "sha1").digest()).decode(), proof):
        raise faults.Refused("unauthorized")
    return token.page


def comments_of(page: Page) -> Any:
    return Comment.objects.filter(post__page=page, removed_at=None).select_related("post__page", "author", "parent__author")


def find(page: Page, external_id: str) -> Tweet | None:
    post = page.posts.filter(external_id=external_id, removed_at=None).first()
    return post or comments_of(page).filter(external_id=external_id).first()


@call
def me(request: HttpRequest, page: Page) -> Json:
    return {"data": {"id": page.external_id, "name": page.name, "username": page.username}}


@call
def timeline(request: HttpRequest, page: Page, *, pk: str, edge: str) -> Json:
    asked, since, ours = request.GET, parse_datetime(request.GET.get("start_time", "")), edge == "tweets"
    size, start = int(asked.get("max_results", "10")), int(asked.get("pagination_token", "t0")[1:])
    if pk != page.external_id or not 5 <= size <= 100:
        raise faults.Refused("invalid")
    found: list[Tweet] = [*comments_of(page), *page.posts.filter(removed_at=None).select_related("author")]
    found = [each for each in found if (author(page, each)[0] == pk) is ours and (not since or each.created_at >= since)]
    rows = sorted((each for each in found if not each.extra.get("unasked")), key=lambda each: each.created_at, reverse=True)
    shown = [] if faults.take(page, faults.Kind.EMPTY_LISTS) else rows[start : start + size]
    told: Json = {"meta": {"next_token": f"t{start + size}"} if start + size < len(rows) else {}}
    told |= {"data": [show(page, each, asked.get("tweet.fields", "")) for each in shown]} if shown else {}
    people = {author(page, each) for each in shown} if asked.get("expansions") == "author_id" else set()
    users = [{"id": who, "name": name, "username": username} for who, name, username in sorted(people)]
    return told | ({"includes": {"users": users}} if users else {})


@call
def single(request: HttpRequest, page: Page, *, pk: str) -> Json:
    found = find(page, pk)
    if request.method == "DELETE":
        if found and author(page, found)[0] != page.external_id:
            raise faults.Refused("forbidden")
        if isinstance(found, Comment):
            acts.remove_comment(found)
        return {"data": {"deleted": found is not None}}
    missing = {
        "title": "Not Found Error",
        "detail": f"Could not find tweet with id: [{pk}].",
        "type": f"{TYPES}resource-not-found",
    }
    return {"data": show(page, found, request.GET.get("tweet.fields", ""))} if found else {"errors": [missing]}


@call
def hidden(request: HttpRequest, page: Page, *, pk: str) -> Json:
    found, wanted = find(page, pk), json.loads(request.body)["hidden"]
    if not isinstance(found, Comment) or found.post.author:  # only in what the account began
        raise faults.Refused("forbidden")
    acts.set_hidden(found, wanted)
    return {"data": {"hidden": wanted}}


@call
def write(request: HttpRequest, page: Page) -> Json:
    given, at = json.loads(request.body), request.moment  # type: ignore[attr-defined]
    text, to = str(given["text"]), find(page, given["reply"]["in_reply_to_tweet_id"])
    if not text.strip() or len(LINK.sub("x" * 23, text)) > 280:
        raise faults.Refused("invalid")
    if to is None or to.extra.get("unasked"):
        raise faults.Refused("unasked" if to else "gone")
    post, parent = (to.post, to) if isinstance(to, Comment) else (to, None)
    if comments_of(page).filter(post=post, by_page=True, text=text).exists():
        raise faults.Refused("duplicate")
    made = acts.write_comment(page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=at)
    return {"data": {"id": made.external_id, "text": words(page, made)[0], "edit_history_tweet_ids": [made.external_id]}}


@call
def subscription(request: HttpRequest, page: Page, *, webhook: str) -> Json:
    asked = Resource.objects.filter(platform="x", kind=webhook, key=page.external_id)
    if request.method == "POST" and webhook == WEBHOOK and not asked.exists():
        Resource.objects.create(platform="x", kind=webhook, key=page.external_id, created_at=options.now())
    return {"data": {"subscribed": asked.exists()}}


def challenge(url: str) -> str:
    token = base64.b64encode(number(24).encode()).decode()
    answered = handshakes.ask(url, {"crc_token": token})
    expected = {"response_token": signature(SECRETS[0], token.encode())}
    return "" if answered.status_code == 200 and answered.json() == expected else f"HTTP {answered.status_code}"


@csrf_exempt
def webhooks(request: HttpRequest) -> HttpResponse:
    """The app, by its own token, registers where it listens; the receiver proves itself on the spot."""
    if request.headers.get("Authorization") != f"Bearer {APP_TOKEN}":
        return refuse("unauthorized")
    url = json.loads(request.body)["url"]
    registered = {"data": {"id": WEBHOOK, "url": url, "valid": True}}
    return refuse("invalid") if handshakes.attempt(lambda: challenge(url)) else wire.answer(registered, meta=False)


def seed() -> None:
    page, created = Page.objects.get_or_create(external_id=PAGE["external_id"], defaults=PAGE)
    tokens.grant(page, ACCESS)
    if created:
        acts.publish_post(page, "La clinique de vaccination ouvre samedi.", external_id="1860000000000000101", silent=True)


PLATFORM = Platform(
    slug="x",
    label="X",
    endpoint=Endpoint(
        name="x",
        path="/hooks/x/",
        body=lambda delivery: wire.dumps(delivery.items[0]).encode(),
        sign=signed,
        regime=lambda delivery: Regime((100.0, 100.0, 100.0)),  # three times within five minutes
        timeout=3,
    ),
    person_id=lambda page, name: stable_number("x", name, digits=19),
    post_ids=lambda page: (number(19, "187"), ""),
    comment_id=lambda post: number(19, "188"),
    message_id=lambda: number(19, "189"),
    message_event=message_event,
    post_event=lambda post, verb, at: told(post.page, post, verb, at),
    comment_event=lambda comment, verb, at: told(comment.page, comment, verb, at),
    seed=seed,
    urls=[
        path("2/users/me", me),
        path("2/users/<str:pk>/<str:edge>", timeline),
        path("2/tweets", write),
        path("2/tweets/<str:pk>", single),
        path("2/tweets/<str:pk>/hidden", hidden),
        path("2/account_activity/webhooks/<str:webhook>/subscriptions/all", subscription),
        path("2/webhooks", webhooks),
    ],
)
