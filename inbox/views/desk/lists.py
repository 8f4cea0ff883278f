"""The list beside which everything happens."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.access import Permission, requires
from accounts.models import Location
from accounts.web.requests import MemberRequest
from inbox import live, platforms
from inbox.channels.watching.health import broken
from inbox.desk import queries
from inbox.desk.concerns import Concern
from inbox.desk.queries import Filters, View
from inbox.desk.tally import tally


@requires(Permission.INBOX_VIEW)
@require_GET
@vary_on_headers("HX-Target")
def inbox_list(request: MemberRequest) -> HttpResponse:
    fragment = request.htmx.target == "inbox-side"
    template = "inbox/_side.html" if fragment else "inbox/list.html"
    return render(request, template, side(request, timezone.now()))


def side(request: MemberRequest, now: datetime) -> dict[str, Any]:
    """Views with their counts, and a page of the chosen one."""
    member = request.membership
    locations = member.places
    filters = filters_of(request, locations)
    found = tally(member, filters, locations, now)
    after = request.GET.get("after", "")
    page = queries.page(member, filters, after=after, now=now)
    query = filters.query(after=after)
    return {
        "now": now,
        "filters": filters,
        "page": page,
        "query": query,
        "list_url": reverse("inbox:list") + query,
        "first_page": filters.query(),
        "next_page": filters.query(after=page.next),
        "unfiltered": filters.query(location=None, platform="", kind="", concern=""),
        "views": [(view.label, view, filters.query(view=view), found.views[view]) for view in View],
        "locations": [(place, filters.query(location=place), found.locations[place.pk]) for place in locations],
        "platforms": [
            (label, slug, filters.query(platform=slug), found.platforms[slug])
            for slug, label in platforms.choices()
            if slug in found.pages or slug == filters.platform
        ],
        "kinds": [(label, kind, filters.query(kind=kind), found.kinds[kind]) for kind, label in queries.KINDS.items()],
        "concerns": [
            (concern.label, concern, filters.query(concern=concern), found.concerns[concern])
            for concern in Concern
            if found.concerns[concern] != 0 or concern == filters.concern
        ],
        "everywhere": filters.query(location=None),
        "any_platform": filters.query(platform=""),
        "any_kind": filters.query(kind=""),
        "any_concern": filters.query(concern=""),
        "overdue": found.views[View.OVERDUE],
        "total": found.views[filters.view],
        "safety": found.safety,
        "waiting": found.views[View.WAITING],
        "broken": broken(member, now=now),
        "live_url": live.stream_url(member),
    }


def filters_of(request: MemberRequest, locations: list[Location]) -> Filters:
    try:
        return Filters.read(request.GET, locations)
    except Location.DoesNotExist as error:
        raise Http404 from error
