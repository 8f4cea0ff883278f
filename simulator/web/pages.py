"""The pages on which a person plays the customer. Every form is a plain POST that comes back to where it was sent from."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from simulator import acts, faults, options, platforms
from simulator.models import Comment, Delivery, Fault, Handshake, Page, Person, Post, Source, Token
from simulator.traffic import trickle
from simulator.webhooks import deliveries, handshakes


def _back(request: HttpRequest, otherwise: str = "/") -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()})
    return redirect(target if safe else otherwise)


def _names(page: Page) -> list[str]:
    return trickle.words()["people"][platforms.of(page).people]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    keys = Prefetch("tokens", Token.objects.alive(options.now()).filter(kind__in=["page", "refresh"]), "keys")
    every = Page.objects.prefetch_related(keys)
    by_platform = [(platform.label, every.filter(platform=slug)) for slug, platform in platforms.PLATFORMS.items()]
    labels = faults.labels()
    context = {
        "platforms": by_platform,
        "slugs": platforms.PLATFORMS.items(),
        "options": options.everything(),
        "faults": [(fault, labels[fault.kind], _where(fault)) for fault in Fault.objects.select_related("page")],
        "kinds": labels.items(),
        "pages": Page.objects.all(),
        "handshakes": Handshake.objects.all(),
        "under_way": Delivery.objects.under_way().count(),
        "held": Delivery.objects.open().filter(held=True).count(),
        "delivered": Delivery.objects.exclude(delivered_at=None).count(),
        "dropped": Delivery.objects.exclude(dropped_at=None).count(),
    }
    return render(request, "simulator/home.html", context)


def _where(fault: Fault) -> str:
    return str(fault.page) if fault.page else platforms.label(fault.platform) if fault.platform else "partout"


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Page, pk=pk)
    posts = [(post, _roots(post)) for post in found.posts.all()]
    latest = {message.person: message for message in found.messages.select_related("person")}
    threads = sorted(latest.items(), key=lambda thread: thread[1].created_at, reverse=True)
    context = {
        "page": found,
        "posts": posts,
        "threads": threads,
        "names": _names(found),
        "private": platforms.of(found).message_event is not None,
        "panels": platforms.of(found).panels,
    }
    return render(request, "simulator/page.html", context)


def _roots(post: Post) -> list[Comment]:
    roots = post.comments.filter(parent=None).select_related("author", "post__page").prefetch_related("replies__author")
    return list(roots.order_by("-created_at")[:50])


@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    root = get_object_or_404(Comment.objects.select_related("post__page", "author"), pk=pk, parent=None)
    replies = root.replies.select_related("author", "post__page")
    context = {"page": root.page, "root": root, "comments": [root, *replies], "names": _names(root.page)}
    return render(request, "simulator/thread.html", context)


@require_safe
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.select_related("page"), pk=pk)
    context = {"page": person.page, "person": person, "messages": person.messages.select_related("person", "page", "comment")}
    return render(request, "simulator/messages.html", context)


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """`as` is "page" where the page answers in the platform's own app."""
    found = get_object_or_404(Page, pk=pk)
    given = request.POST
    native = given.get("as") == "page"
    parent = get_object_or_404(Comment, pk=given["parent"], post__page=found) if given.get("parent") else None
    if given.get("text", "").strip() or given.get("photo"):
        acts.write_comment(
            found,
            text=given.get("text", "").strip(),
            post=get_object_or_404(Post, pk=given["post"], page=found) if given.get("post") else None,
            parent=parent,
            author=given.get("author", "").strip() or None,
            photo="https://example.com/photo.jpg" if given.get("photo") else "",
            by_page=native,
            source=Source.NATIVE if native else Source.CUSTOMER,
        )
    return _back(request, f"/pages/{pk}/")


@require_POST
def change_comment(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    found = get_object_or_404(Comment.objects.select_related("post__page", "author", "parent"), pk=pk)
    match verb:
        case "edit" if request.POST.get("text", "").strip():
            acts.edit_comment(found, request.POST["text"].strip())
        case "remove":
            acts.remove_comment(found)
        case "hide" | "unhide":
            acts.set_hidden(found, verb == "hide")
    return _back(request, f"/threads/{found.root.pk}/")


@require_POST
def message(request: HttpRequest, pk: int) -> HttpResponse:
    private = [slug for slug, platform in platforms.PLATFORMS.items() if platform.message_event]
    found = get_object_or_404(Page, pk=pk, platform__in=private)
    given = request.POST
    native = given.get("as") == "page"
    author = given.get("author", "").strip()
    if not author or not given.get("text", "").strip():
        return _back(request, f"/pages/{pk}/")
    person = acts.person_of(found, author)
    acts.write_message(
        found, person, text=given["text"].strip(), by_page=native, source=Source.NATIVE if native else Source.CUSTOMER
    )
    return redirect("messages", person.pk)


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    rows = [(delivery, deliveries.body_of(delivery).decode()) for delivery in Delivery.objects.select_related("page")[:100]]
    return render(request, "simulator/deliveries.html", {"rows": rows})


@require_POST
def push(request: HttpRequest, what: str) -> HttpResponse:
    if what == "release":
        deliveries.release()
    elif what == "flush":
        deliveries.flush()
    elif what == "again":
        deliveries.again()
    return _back(request, "/deliveries/")


@require_POST
def trickle_switch(request: HttpRequest) -> HttpResponse:
    if request.POST.get("now"):
        trickle.drop()
    else:
        options.change("trickle", request.POST.get("on") == "1")
    return _back(request)


@require_POST
def turn_on_fault(request: HttpRequest) -> HttpResponse:
    given = request.POST
    count, where = given.get("count", ""), given.get("where", "")
    if given.get("kind") in faults.labels():
        faults.turn_on(
            given["kind"],
            platform=where if where in platforms.PLATFORMS else "",
            page=Page.objects.filter(pk=where).first() if where.isdigit() else None,
            value=given.get("value", "")[:40],
            count=int(count) if count.isdigit() else None,
        )
    return _back(request)


@require_POST
def clear_faults(request: HttpRequest) -> HttpResponse:
    faults.clear()
    deliveries.release()
    return _back(request)


@require_POST
def handshake(request: HttpRequest) -> HttpResponse:
    handshakes.greet_all()
    return _back(request)
