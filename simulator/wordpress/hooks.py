"""The website webhook (docs/website-webhook.md), the site's side: what happened goes out, what was decided comes in."""

import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulator import acts, environment, faults, options, signing, wire
from simulator.models import Comment, Delivery, Page, Post, Source
from simulator.platforms import Endpoint, Regime
from simulator.wire import Json, seconds
from simulator.wordpress.state import set_status, shape, status

SECRETS = environment.secrets_of("WEBSITE_WEBHOOK_SECRET", default="dev-website-secret")
EVENTS = {
    "add": "comment.created",
    "edited": "comment.updated",
    "remove": "comment.deleted",
    "hide": "comment.status",
    "unhide": "comment.status",
}
FRESH = 300  # seconds
# Later each time, for a day.
REGIME = Regime((10, 60, 300, 1800, 3600, 7200, 14400, 21600, 28800))


def secret_of(page: Page | None) -> str:
    return str(page.extra.get("secret") or SECRETS[0]) if page else SECRETS[0]


def address_of(page: Page | None) -> str:
    """The site's own, as it was shown when it was connected: whole, or a path of the receivers."""
    hook = str(page.extra.get("hook", "")) if page else ""
    return str(options.get("webhook_base")).rstrip("/") + hook if hook.startswith("/") else hook


def comment_event(comment: Comment, verb: str, at: datetime) -> Json:
    told = {"id": shape(comment)["id"], "post": shape(comment)["post"]} if verb == "remove" else shape(comment)
    return {
        "event": EVENTS[verb],
        "site": comment.page.external_id,
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "comment": told,
    }


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    """delivery.signature: bad, or old (ten minutes, more than a receiver allows)."""
    timestamp = str(seconds(options.now()) - (600 if delivery.signature == "old" else 0))
    secret = "another secret" if delivery.signature == "bad" else secret_of(delivery.page)
    return {"X-Comptoir-Timestamp": timestamp, "X-Comptoir-Signature": signing.website(secret, timestamp, body)}


ENDPOINT = Endpoint(
    name="website",
    path="/hooks/website/",
    body=lambda delivery: wire.dumps(delivery.items[0]).encode(),
    sign=sign,
    regime=lambda delivery: REGIME,
    takes=lambda status: 200 <= status < 300,
    timeout=10,
    address=lambda delivery: address_of(delivery.page),
)


# --- what was decided ----------------------------------------------------------------------------


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@csrf_exempt
@require_POST
def callback(request: HttpRequest, site: str) -> HttpResponse:
    page = get_object_or_404(Page, platform__in=("website", "wordpress"), username=site)
    try:
        _check(request, page)
        faults.before(page, write=True)
        moment = options.now()
        with transaction.atomic():
            status_code, answer = _decided(page, json.loads(request.body), moment)
        request.moment = moment  # type: ignore[attr-defined]
        return _after(page, request, status_code, answer)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=refusal.status)
    except faults.Refused as refused:
        return _refused(refused)
    except faults.Dropped:
        return faults.drop(request)


def _check(request: HttpRequest, page: Page) -> None:
    timestamp = request.headers.get("X-Comptoir-Timestamp", "")
    if not timestamp.isdecimal() or abs(seconds(options.now()) - int(timestamp)) > FRESH:
        raise Refusal(401, "The timestamp is missing or too old.")
    expected = signing.website(secret_of(page), timestamp, request.body)
    given = request.headers.get("X-Comptoir-Signature", "").split(",")  # two while a secret is being changed
    if not any(signing.same(each.strip(), expected) for each in given):
        raise Refusal(401, "The signature does not match.")


def _refused(refused: faults.Refused) -> HttpResponse:
    if refused.dead:
        return JsonResponse({"message": "The signature does not match."}, status=401)
    if refused.throttled:
        return JsonResponse({"message": "Too many requests."}, status=429, headers={"Retry-After": "60"})
    code = int(refused.name) if refused.name in {"401", "404", "409", "422", "501"} else 422
    return JsonResponse({"message": "The words are not accepted."}, status=code)


def _after(page: Page, request: HttpRequest, status_code: int, answer: Json) -> HttpResponse:
    match faults.after(page, request):
        case "error":
            return HttpResponse("Internal Server Error", status=500, content_type="text/plain")
        case "no_id":
            return JsonResponse({}, status=status_code)
        case _:
            return JsonResponse(answer, status=status_code)


def _decided(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    if given.get("site") != page.external_id:
        raise Refusal(404, "This is another site.")
    event = str(given.get("event", ""))
    if event not in ACTIONS or event in page.extra.get("lacks", ()):
        raise Refusal(501, f"This site does not do {event}.")
    return ACTIONS[event](page, given, moment)


def _find(page: Page, given: Json, *, own: bool = False) -> Comment:
    wanted = str((given.get("comment") or {}).get("id", ""))
    comments = Comment.objects.select_related("post__page", "author", "parent").filter(post__page=page, removed_at=None)
    found = comments.filter(external_id=wanted).first()
    if found is None:
        raise Refusal(404, "There is no such comment.")
    if own and not found.by_page:
        raise Refusal(409, "This comment is not yours to change.")
    return found


def _with_key(page: Page, given: Json) -> Comment | None:
    key = str(given.get("key") or "")
    comments = Comment.objects.select_related("post__page", "author", "parent").filter(post__page=page)
    return comments.filter(extra__key=key).first() if key else None


def _text(given: Json) -> str:
    content = (given.get("comment") or {}).get("content") or {}
    text = str(content.get("raw", "") if isinstance(content, dict) else content).strip()
    if not text:
        raise Refusal(422, "There are no words.")
    return text


def _reply(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    if before := _with_key(page, given):
        return 200, {"comment": shape(before)}
    asked = given.get("comment") or {}
    post = Post.objects.select_related("page").filter(page=page, external_id=str(asked.get("post", ""))).first()
    if post is None:
        raise Refusal(404, "There is no such post.")
    if post.extra.get("closed"):
        raise Refusal(409, "Comments are closed.")
    parent = _find(page, {"comment": {"id": asked["parent"]}}) if asked.get("parent") else None
    extra = {"key": given["key"]} if given.get("key") else {}
    written = acts.write_comment(
        page, text=_text(given), post=post, parent=parent, by_page=True, source=Source.API, extra=extra, at=moment
    )
    return 201, {"comment": shape(written)}


def _found(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    found = _with_key(page, given)
    return 200, {"comment": shape(found) if found and found.removed_at is None else None}


def _approve(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    return _moderated(_find(page, given), "approved", moment)


def _reject(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    wanted = "spam" if given["comment"].get("status") == "spam" else "trash"
    return _moderated(_find(page, given), wanted, moment)


def _moderated(comment: Comment, wanted: str, moment: datetime) -> tuple[int, Json]:
    if status(comment) != wanted:
        set_status(comment, wanted, moment)
    return 200, {"comment": shape(comment)}


def _edit(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    comment = _find(page, given, own=True)
    acts.edit_comment(comment, _text(given), at=moment)
    return 200, {"comment": shape(comment)}


def _delete(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    comment = _find(page, given, own=True)
    acts.remove_comment(comment, at=moment)
    return 200, {"comment": shape(comment)}


def _ping(page: Page, given: Json, moment: datetime) -> tuple[int, Json]:
    return 200, {"events": [event for event in ACTIONS if event not in page.extra.get("lacks", ())]}


ACTIONS: dict[str, Callable[[Page, Json, datetime], tuple[int, Json]]] = {
    "comment.reply": _reply,
    "comment.find": _found,
    "comment.approve": _approve,
    "comment.reject": _reject,
    "comment.edit": _edit,
    "comment.delete": _delete,
    "ping": _ping,
}
