"""Small forms on the pages of a Facebook page or an Instagram account: what people do there beside commenting and writing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from simulator import acts, options
from simulator.meta import admin, endpoint, keys, subscriptions
from simulator.meta.login import signed_requests
from simulator.meta.messenger import happenings, owners
from simulator.models import Page, Person
from simulator.web import media
from simulator.wire import Json


def _page(pk: int) -> Page:
    return get_object_or_404(Page, pk=pk, platform__in=("facebook", "instagram"))


def _said(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("author", "").strip(), request.POST.get("text", "").strip()


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """On somebody else's wall, on the page's, or as a rating; under a story, an advertisement, a live broadcast."""
    page, (author, text) = _page(pk), _said(request)
    if author and text:
        _written(page, request.POST.get("kind", ""), author, text)
    return redirect("page", pk)


def _written(page: Page, kind: str, author: str, text: str) -> None:
    if kind in ("positive", "negative"):
        acts.write_review(page, author=author, text=text, recommends=kind == "positive")
    elif kind == "visitor":
        acts.publish_post(page, text, author=author, kind="visitor")
    elif kind == "mention":
        elsewhere = acts.publish_post(page, f"Une publication de {author}", author=author, kind="mention", silent=True)
        acts.write_comment(page, text=text, post=elsewhere, author=author)
    elif kind in ("ad", "live", "reel"):
        shown = page.posts.filter(kind=kind).first() or acts.publish_post(page, "Vaccins", kind=kind, silent=True)
        acts.write_comment(page, text=text, post=shown, author=author)


PRIVATE: dict[str, Json] = {
    "story": {"extra": {"story": {"id": "17900000000000055", "url": ""}}},
    "unsupported": {"text": "", "extra": {"is_unsupported": True}},
}
ATTACHED = ("image", "audio", "video", "file", "sticker", "story_mention", "ig_reel", "share")


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """A private message of another kind than words."""
    page, (author, text), kind = _page(pk), _said(request), request.POST.get("kind", "")
    if not author:
        return redirect("page", pk)
    person, now = acts.person_of(page, author), options.now()
    if kind == "postback":
        happenings.pressed(page, author, text or "Horaires", "HOURS", at=now)
    elif kind == "location":
        place = {"type": "location", "coordinates": {"lat": 46.81, "long": -71.21}}
        acts.write_message(page, person, text=text, attachments=[place])
    elif kind in ATTACHED:
        acts.write_message(page, person, text=text, attachments=[media.attachment(kind, f"{kind}-{person.pk}")])
    elif kind in PRIVATE:
        acts.write_message(page, person, **{"text": text, **PRIVATE[kind]})
    return redirect("messages", person.pk)


@require_POST
def thread(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    person, now = get_object_or_404(Person.objects.select_related("page"), pk=pk), options.now()
    match verb:
        case "take":
            owners.taken_by_others(person, now)
        case "pass":
            owners.passed_to_us(person, now)
        case "seen":
            happenings.seen(person, now)
        case "block":
            person.extra = person.extra | {"blocked_page": not person.extra.get("blocked_page")}
            person.save(update_fields=["extra"])
    return redirect("messages", person.pk)


@require_POST
def change_keys(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a key, of a permission, of a subscription; and the way back."""
    page, what = _page(pk), request.POST.get("what", "")
    if what == "subscribe":
        subscriptions.welcome(page)
    elif what == "unsubscribe":
        endpoint.unsubscribe_page(page)
    elif what == "scope":
        scope = request.POST.get("value", "")
        admin.tell_withdrawn(scope, keys.withdraw(scope, page=page), options.now())
    elif what == "leave" and request.POST.get("value", "").startswith(("http://", "https://")):
        keys.kill("458")
        signed_requests.post(request.POST["value"], instagram=page.platform == "instagram")
    else:
        keys.kill("" if what == "revive" else request.POST.get("value", "") or "460", page=page)
    return redirect("page", pk)


URLS = [
    path("pages/<int:pk>/meta/write/", write, name="meta-write"),
    path("pages/<int:pk>/meta/send/", send, name="meta-send"),
    path("pages/<int:pk>/meta/keys/", change_keys, name="meta-keys"),
    path("people/<int:pk>/meta/<str:verb>/", thread, name="meta-thread"),
]
