"""One conversation: what was said, its timer, and what one can do with it."""

from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch
from django.db.models.lookups import IsNull
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.access import Permission, requires
from accounts.locations.dates import tell_as_in
from accounts.web.requests import MemberRequest
from inbox import moderation
from inbox.crises import reading
from inbox.desk import history
from inbox.desk.halves import half
from inbox.desk.queries import Filters
from inbox.desk.timer import Timer
from inbox.forms import AssignForm, CloseForm, ExcludeForm, NoteForm
from inbox.models import Conversation, Note, Wait, WaitEvent
from inbox.platforms.base import Action
from inbox.screening.shown import masking
from inbox.triage.identifiers.unread import masked, masked_phone
from inbox.views.desk import talk
from inbox.views.desk.hours import week_of
from inbox.views.desk.lists import side
from inbox.views.desk.unmasked import key_of_person, unmasked

# What a person looks for here in vain, in words.
MISSING = {
    Action.HIDE: _("hide a comment"),
    Action.DELETE: _("delete what somebody else wrote"),
    Action.LIKE: _("like a comment"),
}


@requires(Permission.INBOX_VIEW)
@require_GET
@vary_on_headers("HX-Target")
def conversation_page(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk))


def find(request: MemberRequest, pk: int) -> Conversation:
    visible = Conversation.objects.visible_to(request.membership)
    rows = visible.annotate(half=half()).select_related("contact", "assignee__user", "channel", "post", "location__organization")
    conversation = get_object_or_404(rows, pk=pk)
    tell_as_in(conversation.location)
    return conversation


def show(request: MemberRequest, conversation: Conversation, *, status: int = 200, **forms: Form) -> HttpResponse:
    """The conversation alone for who asks for that part of the page, else the page. A form given here is shown as it was sent."""
    now = timezone.now()
    context = pane(request, conversation, now) | forms
    if request.htmx.target == "conversation":
        return render(request, "inbox/_conversation.html", context, status=status)
    return render(request, "inbox/conversation.html", side(request, now) | context, status=status)


def pane(request: MemberRequest, conversation: Conversation, now: datetime) -> dict[str, Any]:
    wait = last_wait(conversation)
    query = request.GET.urlencode()
    whole = request.GET.copy()
    whole["messages"] = "all"
    bare = unmasked(request, now)
    notes = list(conversation.notes.select_related("author__user"))
    return {
        "now": now,
        "conversation": conversation,
        "banner": reading.banner(conversation, by=request.membership, now=now, unmasked=bare),
        "talk": talk.read(conversation, by=request.membership, everything=request.GET.get("messages") == "all", unmasked=bare),
        "person": _person(conversation, notes, unmasked=key_of_person(conversation) in bare),
        "history": history.is_told(conversation),
        "all_of_them": _all_of_them(conversation),
        "post_text": _post_text(conversation),
        "on_thread": moderation.offered_on_thread(conversation, request.membership),
        "not_here": [MISSING[action] for action in moderation.missing(conversation)],
        "notes": notes,
        "wait": wait,
        "timer": Timer.of_wait(wait, now) if wait else None,
        "week": week_of(conversation.location, now),
        "query": f"?{query}" if query else "",
        "whole": f"?{whole.urlencode()}",
        "assign_form": AssignForm(conversation=conversation),
        "note_form": NoteForm(),
        "close_form": CloseForm(conversation=conversation),
        "exclude_form": ExcludeForm(),
    }


def _person(conversation: Conversation, notes: list[Note], *, unmasked: bool) -> dict[str, Any]:
    """What the platform tells of them, and our notes: masked is the number, and what is more than a name in the others."""
    contact = conversation.contact
    number = contact.phone if contact else ""
    told = (contact.name, number) if contact else ("", "")
    shown = (masked(told[0]), masked_phone(number))
    name, phone = told if unmasked else shown
    noted = any(masking.told(note.text, conversation) != note.text for note in notes)
    masked_here = noted or told != shown
    return {"name": name or conversation.contact_name, "phone": phone, "unmasked": unmasked, "masked": masked_here}


def _all_of_them(conversation: Conversation) -> str:
    return Filters(contact=conversation.contact_id or 0).query()


def _post_text(conversation: Conversation) -> str:
    return masking.told(conversation.post.text, conversation) if conversation.post else ""


def last_wait(conversation: Conversation) -> Wait | None:
    """The running one, else the one that began last."""
    waits = conversation.waits.select_related("policy", "ender__user")
    return waits.order_by(IsNull(F("ended_at"), True).desc(), "-started_at", "-pk").first()


@requires(Permission.INBOX_VIEW)
@require_GET
def history_part(request: MemberRequest, pk: int) -> HttpResponse:
    """What else the person said to us: asked for by the page once it is there, as most answers begin without it."""
    conversation, now = find(request, pk), timezone.now()
    query = request.GET.copy()
    query.pop("messages", None)  # how much is shown of the conversation that is open
    context = {
        "history": history.of(conversation, by=request.membership, now=now),
        "query": f"?{query.urlencode()}" if query else "",
        "all_of_them": _all_of_them(conversation),
        "here": conversation.location_id,
        "now": now,
    }
    return render(request, "inbox/_history.html", context)


@requires(Permission.INBOX_VIEW)
@require_GET
def explain(request: MemberRequest, pk: int) -> HttpResponse:
    """Why the timer says what it says: each wait, what started it, its policy, and everything that happened to it."""
    conversation, now = find(request, pk), timezone.now()
    # As it happened to the person, whenever we wrote it down.
    events = Prefetch("events", WaitEvent.objects.select_related("by__user").order_by("at", "pk"))
    waits = conversation.waits.select_related("policy", "ender__user").prefetch_related(events, "messages")
    explained = [(wait, Timer.of_wait(wait, now)) for wait in waits.order_by("-started_at", "-pk")[:20]]
    return render(request, "inbox/explain.html", {"conversation": conversation, "waits": explained, "now": now})
