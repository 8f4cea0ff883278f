"""/_sim/: what tests and commands ask of the platforms' side. JSON in, JSON out; 400 says what was wrong."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime

from simulator import acts, deliveries, handshakes, options, seed, shown, trickle
from simulator.models import Comment, Delivery, Fault, Handshake, Message, Page, Post, Source
from simulator.wire import Json

Answer = Any


def asked(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """Give the view the parameters, and its answer to the caller."""

    @wraps(view)
    def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            given = request.GET.dict() if request.method == "GET" else json.loads(request.body or b"{}")
            answer = view(given, **path) if request.method != "DELETE" else view({"delete": True}, **path)
            return JsonResponse(answer, safe=False)
        except (ObjectDoesNotExist, KeyError) as error:
            return JsonResponse({"error": f"unknown or missing: {error}"}, status=404)
        except (ValueError, TypeError, IntegrityError) as error:
            return JsonResponse({"error": str(error)}, status=400)

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


def _page(given: Json) -> Page:
    return Page.objects.get(external_id=str(given["page"]))


def _at(given: Json) -> datetime | None:
    if not given.get("at"):
        return None
    at = parse_datetime(str(given["at"]))
    if at is None or at.tzinfo is None:
        raise ValueError("`at` must be an ISO time with a zone")
    return at


def _comment(external_id: str) -> Comment:
    return Comment.objects.select_related("post__page", "author", "parent").get(external_id=external_id)


def _message(external_id: str) -> Message:
    return Message.objects.select_related("page", "person").get(external_id=external_id)


# --- pages and what is written on them -----------------------------------------------------------


@asked
def healthz(given: Json) -> Answer:
    return {"ok": True, "pages": Page.objects.count()}


@asked
def pages(given: Json) -> Answer:
    if "platform" not in given or "token" not in given:
        return [shown.page(page) for page in Page.objects.all()]
    fields = {name: given.get(name, "") for name in ("platform", "name", "username", "token")}
    page, _ = Page.objects.update_or_create(external_id=str(given["external_id"]), defaults=fields)
    for text in given.get("posts", []) or ([] if page.posts.exists() else ["Bonjour !"]):
        acts.publish_post(page, text, silent=True)
    return shown.page(page)


@asked
def posts(given: Json) -> Answer:
    page = _page(given)
    external_id, silent = given.get("external_id", ""), bool(given.get("silent", False))
    return shown.post(acts.publish_post(page, given["text"], at=_at(given), external_id=external_id, silent=silent))


@asked
def comments(given: Json) -> Answer:
    """Written by a customer, or with `native` by the page itself in the platform's own app."""
    page, native = _page(given), bool(given.get("native"))
    comment = acts.write_comment(
        page,
        text=given.get("text", ""),
        post=Post.objects.get(external_id=given["post"]) if given.get("post") else None,
        parent=_comment(given["parent"]) if given.get("parent") else None,
        author=given.get("author"),
        photo=given.get("photo", ""),
        by_page=native,
        source=Source.NATIVE if native else Source.CUSTOMER,
        external_id=given.get("external_id", ""),
        at=_at(given),
    )
    return shown.comment(comment)


@asked
def change_comment(given: Json, external_id: str, verb: str) -> Answer:
    comment, at = _comment(external_id), _at(given)
    match verb:
        case "edit":
            acts.edit_comment(comment, given["text"], at=at)
        case "remove":
            acts.remove_comment(comment, at=at)
        case "hide" | "unhide":
            acts.set_hidden(comment, verb == "hide", at=at)
        case "react":
            acts.react_to_comment(comment, given["author"], given.get("reaction", ""), at=at)
        case _:
            raise ValueError(f"a comment has no {verb}")
    return shown.comment(comment)


@asked
def messages(given: Json) -> Answer:
    page, native = _page(given), bool(given.get("native"))
    message = acts.write_message(
        page,
        acts.person_of(page, given["author"]),
        text=given.get("text", ""),
        attachment=given.get("attachment"),
        by_page=native,
        source=Source.NATIVE if native else Source.CUSTOMER,
        reply_to=given.get("reply_to", ""),
        external_id=given.get("external_id", ""),
        at=_at(given),
    )
    return shown.message(message)


@asked
def change_message(given: Json, external_id: str, verb: str) -> Answer:
    message, at = _message(external_id), _at(given)
    match verb:
        case "edit":
            acts.edit_message(message, given["text"], at=at)
        case "delete":
            acts.delete_message(message, at=at)
        case "react":
            acts.react_to_message(message, given.get("reaction", ""), at=at)
        case _:
            raise ValueError(f"a message has no {verb}")
    return shown.message(message)


# --- what is there -------------------------------------------------------------------------------


@asked
def state(given: Json) -> Answer:
    chosen = Page.objects.filter(external_id=given["page"]) if given.get("page") else Page.objects.all()
    return {"pages": [shown.everything(page) for page in chosen]}


@asked
def replies(given: Json) -> Answer:
    """What our app had accepted under a comment (`comment`), or in the thread of a person (`person`), or on a page."""
    own = {"by_page": True, "source": Source.API}
    written, sent = Comment.objects.filter(removed_at=None, **own), Message.objects.filter(deleted_at=None, **own)
    if given.get("comment"):
        root = _comment(given["comment"]).root
        written, sent = written.filter(parent=root), sent.filter(comment=root)
    elif given.get("person"):
        written, sent = written.none(), sent.filter(person__external_id=given["person"])
    elif given.get("page"):
        written, sent = written.filter(post__page=_page(given)), sent.filter(page=_page(given))
    accepted = [shown.comment(comment) for comment in written] + [shown.message(message) for message in sent]
    return sorted(accepted, key=lambda each: each["created_at"])


# --- webhooks ------------------------------------------------------------------------------------


@asked
def delivery_list(given: Json) -> Answer:
    return [shown.delivery(delivery) for delivery in Delivery.objects.all()[: int(given.get("limit", 100))]]


@asked
def wait(given: Json) -> Answer:
    """Wait until every webhook on its way has been taken (or dropped); those held back do not count."""
    until = time.monotonic() + float(given.get("timeout", 10))
    while (left := Delivery.objects.under_way().count()) and time.monotonic() < until:
        time.sleep(0.02)
    return {"drained": not left, "left": left}


@asked
def push(given: Json, what: str) -> Answer:
    if what == "flush":
        deliveries.flush()
        return {}
    if what == "release":
        return {"released": deliveries.release()}
    raise ValueError(f"no such push: {what}")


@asked
def raw(given: Json) -> Answer:
    body = given["body"] if isinstance(given["body"], str) else json.dumps(given["body"])
    kept = deliveries.queue_raw(given["endpoint"], body, signature=given.get("signature", ""), app=given.get("app", "meta"))
    return shown.delivery(kept)


@asked
def handshake(given: Json) -> Answer:
    base = str(options.get("webhook_base")).rstrip("/")
    for endpoint, path in deliveries.PATHS.items():
        handshakes.greet(endpoint, base + path)
    return {each.endpoint: {"passed": each.passed, "detail": each.detail} for each in Handshake.objects.all()}


# --- knobs ---------------------------------------------------------------------------------------


@asked
def faults(given: Json) -> Answer:
    if given.get("delete"):
        Fault.objects.all().delete()
        deliveries.release()
    elif "kind" in given:
        if given["kind"] not in Fault.Kind.values:
            raise ValueError(f"no such fault: {given['kind']}; there are {', '.join(Fault.Kind.values)}")
        Fault.objects.create(
            kind=given["kind"],
            platform=given.get("platform") or "",
            page=_page(given) if given.get("page") else None,
            value=str(given.get("value", "") or ""),
            remaining=given.get("count"),
        )
    return [shown.fault(fault) for fault in Fault.objects.all()]


@asked
def option(given: Json) -> Answer:
    for name, value in given.items():
        options.change(name, value)
    return options.everything()


@asked
def drop(given: Json) -> Answer:
    happened = trickle.drop()
    return {"happened": str(happened) if happened else ""}


@asked
def reset(given: Json) -> Answer:
    seed.reset(with_pages=bool(given.get("pages", True)))
    return {"pages": Page.objects.count()}
