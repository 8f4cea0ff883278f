from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from accounts.web.posts import posted_from
from accounts.web.requests import MemberRequest
from inbox.models import OwnProduct, OwnTopic
from inbox.models.own import TOPICS
from inbox.screening.by_rules import own, trying
from inbox.triage.findings import OwnTopic as Known
from inbox.views.topics.forms import ProductsForm, TopicForm, initial

UNSAVED = "own"  # no slug is so short


@requires(Permission.TOPICS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def topic_list(request: MemberRequest) -> HttpResponse:
    """The topics, and one form for the products and for a sentence that is read with them."""
    organization = request.membership.organization
    known = list(OwnProduct.objects.filter(organization=organization).values_list("name", flat=True))
    form = ProductsForm(request.POST or None, initial={"products": known})
    tried = None
    if request.method == "POST" and form.is_valid():
        if "try" not in request.POST:
            products, shown = form.cleaned_data["products"], form.shown()
            own.set_products(organization, products, shown=shown, by=request.membership, now=timezone.now())
            _saved(request)
            return redirect("topics:list")
        house = trying.with_products(trying.house_of(organization.pk), form.cleaned_data["products"])
        tried = _tried(request, form, house)
    return _list(request, form, tried=tried)


@requires(Permission.TOPICS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def topic_new(request: MemberRequest) -> HttpResponse:
    return _edit(request, OwnTopic(organization=request.membership.organization))


@requires(Permission.TOPICS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: MemberRequest, pk: int) -> HttpResponse:
    return _edit(request, _mine(request, pk))


def _edit(request: MemberRequest, topic: OwnTopic) -> HttpResponse:
    form = TopicForm(request.POST or None, initial=initial(topic) if topic.pk else None)
    heading, tried = str(topic) if topic.pk else "", None
    if request.method == "POST" and form.is_valid():
        form.fill(topic)
        if "try" in request.POST:
            known = Known(topic.slug or UNSAVED, tuple(topic.words))
            house = trying.with_topic(trying.house_of(topic.organization_id), known)
            tried = _tried(request, form, house, {known.name: topic.name or _("This topic")})
        elif _save(request, form, topic):
            return redirect("topics:list")
    context = {"form": form, "topic": topic, "heading": heading, "tried": tried}
    return render(request, "inbox/topics/topic.html", context, status=422 if form.errors else 200)


def _save(request: MemberRequest, form: TopicForm, topic: OwnTopic) -> bool:
    try:
        own.save_topic(topic, by=request.membership, now=timezone.now())
    except ValidationError as problems:
        form.add_error(None, problems)
        return False
    if topic.withdrawn_at:
        messages.success(request, _("Saved."))
    else:
        _saved(request)
    return True


def _form_of(request: MemberRequest, pk: int) -> str:
    return reverse("topics:topic", args=[_mine(request, pk).pk])


@requires(Permission.TOPICS_MANAGE)
@posted_from(_form_of)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    topic = _mine(request, pk)
    own.withdraw_topic(topic, by=request.membership, now=timezone.now())
    messages.success(request, _("“%(name)s” is looked for no more. Messages and templates keep it.") % {"name": topic})
    return redirect("topics:list")


@requires(Permission.TOPICS_MANAGE)
@posted_from(_form_of)
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    try:
        own.restore_topic(_mine(request, pk), by=request.membership, now=timezone.now())
    except ValidationError as problems:
        for problem in problems.messages:
            messages.error(request, problem)
    else:
        _saved(request)
    return redirect("topics:list")


def _mine(request: MemberRequest, pk: int) -> OwnTopic:
    return get_object_or_404(OwnTopic.objects.of(request.membership), pk=pk)


def _saved(request: MemberRequest) -> None:
    messages.success(request, _("Saved. It holds for what arrives from now on."))


def _tried(request: MemberRequest, form: Any, house: Any, names: dict[str, str] | None = None) -> trying.Tried | None:
    sentence = form.cleaned_data["sentence"]
    if not sentence.strip():
        form.add_error("sentence", _("Type a sentence to try."))
        return None
    mine = OwnTopic.objects.of(request.membership).current()
    return trying.Tried.of(sentence, house, {topic.slug: topic.name for topic in mine} | (names or {}))


def _list(request: MemberRequest, form: ProductsForm, *, tried: trying.Tried | None) -> HttpResponse:
    topics = list(OwnTopic.objects.of(request.membership))
    current = [topic for topic in topics if topic.withdrawn_at is None]
    context = {
        "form": form,
        "topics": current,
        "withdrawn": [topic for topic in topics if topic.withdrawn_at],
        "most": TOPICS,
        "full": len(current) >= TOPICS,
        "tried": tried,
    }
    return render(request, "inbox/topics/list.html", context, status=422 if form.errors else 200)
