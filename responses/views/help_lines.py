"""Whom people in danger can call, the approved words that say so, and who checked them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import Permission, requires
from accounts.models import Location
from accounts.web.requests import MemberRequest
from inbox.crises import reading, words
from inbox.models import HelpLinesCheck
from inbox.triage.help import help_lines
from responses.models import TemplateVersion
from responses.texts import readiness, rereading
from responses.texts.readings import Places, readings


@requires(Permission.INBOX_VIEW)
@require_safe
def page(request: MemberRequest) -> HttpResponse:
    member, table, now, language = request.membership, help_lines.table(), timezone.now(), (get_language() or "fr")[:2]
    provinces = {place.province for place in member.visible_locations()}
    versions = _naming(request, now) if member.may(Permission.TEMPLATES_VIEW) else []
    places = Places.of(member.organization, now)
    context = {
        "table": table,
        "places": [_place(province, language, now) for province in sorted(provinces)],
        "templates": [(each, readings(each, places), readiness.types_a_line(each.words)) for each in versions],
        "seen": _stamp(versions),
        "checked": reading.last_check(member.organization_id, now=now),
        "last": HelpLinesCheck.objects.filter(organization=member.organization_id).first(),
        "may_check": member.may(Permission.TEMPLATES_DECIDE),
    }
    return render(request, "responses/help_lines.html", context)


def _place(province: str, language: str, now: datetime) -> dict[str, Any]:
    place = Location(province=province)
    kinds = [(words.name(kind), reading.lines_of([kind], place, now=now)) for kind in words.GRAVEST_FIRST]
    return {"name": place.get_province_display(), "kinds": kinds}


def _naming(request: MemberRequest, now: datetime) -> list[TemplateVersion]:
    """Those of the gravest danger first."""
    found = rereading.naming_lines(request.membership.organization, now).select_related("template")
    return sorted(found, key=lambda version: (words.rank(version.topic), version.title, version.pk))


def _stamp(versions: list[TemplateVersion]) -> str:
    return ".".join(str(pk) for pk in sorted(version.pk for version in versions))


@requires(Permission.TEMPLATES_DECIDE)
@require_POST
@transaction.atomic
def check(request: MemberRequest) -> HttpResponse:
    """This person has called these numbers, and read again the words that give them."""
    member, table, now = request.membership, help_lines.table(), timezone.now()
    versions = _naming(request, now)
    if (request.POST.get("digest"), request.POST.get("seen")) != (table.digest, _stamp(versions)):
        messages.error(request, _("The table or one of the templates has changed since you opened it. Look at it again."))
        return redirect("responses:help_lines")
    done = HelpLinesCheck.objects.create(organization=member.organization, digest=table.digest, by=member, at=now)
    read = [str(version) for version in versions]
    audit.record("help_lines.checked", done, organization=member.organization_id, by=member, now=now, templates=read)
    messages.success(request, _("Thank you. The numbers count as checked by you today."))
    return redirect("responses:help_lines")
