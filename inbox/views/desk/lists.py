"""The list beside which everything happens."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.access import Permission, requires
from accounts.models import Location, Membership
from accounts.web.requests import MemberRequest
from inbox import live, platforms
from inbox.channels.watching.health import broken
from inbox.desk import history, queries
from inbox.desk.concerns import Concern
from inbox.desk.queries import Filters, View
from inbox.desk.search import found
from inbox.desk.search.asked import FEW_DIGITS, LONGEST, Asked
from inbox.desk.tally import tally


@requires(Permission.INBOX_VIEW)
@require_GET
@vary_on_headers("HX-Target")
def inbox_list(request: MemberRequest) -> HttpResponse:
    filters = filters_of(request, request.membership.places)
    if filters.refused and "q" in request.GET:  # the address would keep it
        return redirect(reverse("inbox:list") + filters.query())
    fragment = request.htmx.target == "inbox-side"
    template = "inbox/_side.html" if fragment else "inbox/list.html"
    return render(request, template, side(request, timezone.now()))


def side(request: MemberRequest, now: datetime) -> dict[str, Any]:
    """Views with their counts, and a page of the chosen one."""
    member = request.membership
    locations = member.places
    filters = filters_of(request, locations)
    counted = tally(member, filters, locations, now)
    after = request.GET.get("after", "")
    asked = Asked.read(filters.words) if filters.words else None
    page = _page(member, filters, asked, after, now)
    query = filters.query(after=after)
    of_places = {} if filters.in_all_views else counted.locations
    return {
        "now": now,
        "filters": filters,
        "page": page,
        "too_short": asked is not None and not asked.terms,
        "longest": LONGEST,
        "few_digits": FEW_DIGITS,
        "person": history.name_in(page.lines) if filters.contact else "",
        "all_views_off": filters.query(view=View.WAITING),
        "query": query,
        "list_url": reverse("inbox:list") + query,
        "first_page": filters.query(),
        "next_page": filters.query(after=page.next),
        "unfiltered": filters.query(location=None, platform="", kind="", concern=""),
        "views": [(view.label, view, filters.query(view=view), counted.views[view]) for view in View],
        "locations": [(place, filters.query(location=place), of_places.get(place.pk)) for place in locations],
        "platforms": [
            (label, slug, filters.query(platform=slug), counted.platforms[slug])
            for slug, label in platforms.choices()
            if slug in counted.pages or counted.platforms[slug] or slug == filters.platform  # a page may have moved elsewhere
        ],
        "kinds": [(label, kind, filters.query(kind=kind), counted.kinds[kind]) for kind, label in queries.KINDS.items()],
        "concerns": [
            (concern.label, concern, filters.query(concern=concern), counted.concerns[concern])
            for concern in Concern
            if counted.concerns[concern] != 0 or concern == filters.concern
        ],
        "everywhere": filters.query(location=None),
        "any_platform": filters.query(platform=""),
        "any_kind": filters.query(kind=""),
        "any_concern": filters.query(concern=""),
        "overdue": counted.views[View.OVERDUE],
        "total": counted.views[filters.view],
        "safety": counted.safety,
        "waiting": counted.views[View.WAITING],
        "broken": broken(member, now=now),
        "live_url": live.stream_url(member),
    }


def _page(member: Membership, filters: Filters, asked: Asked | None, after: str, now: datetime) -> queries.Page:
    if filters.contact:
        return history.page(member, filters, after=after)
    if not filters.searching:
        return queries.page(member, filters, after=after, now=now)
    if asked and asked.terms:
        return found.page(member, filters, asked, after=after)
    return queries.Page([], first=True, next="")


def filters_of(request: MemberRequest, locations: list[Location]) -> Filters:
    try:
        return Filters.read(request.GET, locations)
    except Location.DoesNotExist as error:
        raise Http404 from error
