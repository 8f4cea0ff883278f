"""The library: found, read, written."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Permission, requires
from accounts.locations.dates import today_of
from accounts.web import spreadsheets
from accounts.web.requests import MemberRequest
from responses import library
from responses.forms import TemplateFilter, TemplateForm, WithdrawForm
from responses.models import ReplyDraft, Template, TemplateVersion
from responses.texts import catalogue, readiness, rereading, topics
from responses.texts.readings import Places, palette, readings

PAGE = 50


# --- found ----------------------------------------------------------------------------------------------


@requires(Permission.TEMPLATES_VIEW)
@require_GET
def template_list(request: MemberRequest) -> HttpResponse:
    form, found, names = _asked_for(request)
    state = form.cleaned_data.get("state", "")
    counts = catalogue.counts(found)
    page = Paginator(_in_order(found, state, names), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "uses": catalogue.uses(page.object_list),
        "language": form.cleaned_data.get("language") or _reading(),
        "tabs": _tabs(request, state, counts),
        "query": _query(request, "page"),
        "filtered": any(form.cleaned_data.values()),
        "today": today_of(request.membership.organization, timezone.now()),
        "to_read_again": rereading.to_read_again(request.membership.organization, timezone.now()),
    }
    return render(request, "responses/templates.html", context)


@requires(Permission.TEMPLATES_VIEW)
@require_GET
def template_export(request: MemberRequest) -> StreamingHttpResponse:
    form, found, names = _asked_for(request)
    versions = _in_order(found, form.cleaned_data.get("state", ""), names).select_related("decided_by__user")
    headers = [
        _("Template"),
        _("Version"),
        _("State"),
        _("Topic"),
        _("Used for"),
        _("Platforms"),
        _("The person’s wait"),
        _("Title in French"),
        _("Title in English"),
        _("Text in French"),
        _("Text in English"),
        _("Author"),
        _("Time zone"),
        _("Submitted"),
        _("Decided by"),
        _("Decided"),
        _("Comment"),
        _("May be used until"),
        _("Answers sent"),
    ]
    kind = pgettext("name of a file", "templates")
    name = f"{kind}-{request.membership.organization.slug}"
    return spreadsheets.respond(name, headers, _lines(request, list(versions), names))


def _lines(request: MemberRequest, versions: list[TemplateVersion], names: dict[str, str]) -> Iterator[Sequence[Any]]:
    zone, uses = request.membership.organization.zone, catalogue.uses(versions)
    for version in versions:
        yield [
            version.template_id,
            version.number,
            version.get_state_display(),
            names.get(version.topic, version.topic),
            version.get_audience_display(),
            ", ".join(version.platforms),
            _("goes on") if version.holds else _("ends"),
            version.title_fr,
            version.title_en,
            version.body_fr,
            version.body_en,
            str(version.author),
            zone.key,
            spreadsheets.moment(version.submitted_at, zone),
            version.decided_by,
            spreadsheets.moment(version.decided_at, zone),
            version.comment,
            version.expires_on,
            uses.get(version.pk, 0),
        ]


def _asked_for(request: MemberRequest) -> tuple[TemplateFilter, QuerySet[TemplateVersion], dict[str, str]]:
    """With what each topic is called here."""
    names = topics.names(request.membership.organization_id)
    form = TemplateFilter(request.GET, topics=names)
    form.is_valid()  # a filter that makes no sense filters nothing
    return form, catalogue.matching(catalogue.current(request.membership), form.cleaned_data), names


def _in_order(found: QuerySet[TemplateVersion], state: str, names: dict[str, str]) -> QuerySet[TemplateVersion]:
    title = "title_en" if _reading() == "en" else "title_fr"
    return (found.filter(state=state) if state else found).order_by(catalogue.by_topic(names), title, "template", "number")


def _tabs(request: MemberRequest, chosen: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    kept = _query(request, "page", "state")
    rows = [("", _("All"), sum(counts.values()))]
    rows += [
        (str(state), str(state.label), counts[state]) for state in TemplateVersion.State if counts.get(state) or state == chosen
    ]
    return [
        {
            "address": f"?state={state}&{kept}" if kept else f"?state={state}",
            "label": label,
            "count": count,
            "chosen": state == chosen,
        }
        for state, label, count in rows
    ]


def _query(request: MemberRequest, *without: str) -> str:
    kept = request.GET.copy()
    for name in without:
        kept.pop(name, None)
    return kept.urlencode()


def _reading() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


# --- read -----------------------------------------------------------------------------------------------


@requires(Permission.TEMPLATES_VIEW)
@require_GET
def template_page(request: MemberRequest, pk: int) -> HttpResponse:
    template, now = _template(request, pk), timezone.now()
    versions = list(template.versions.select_related("author__user", "decided_by__user", "template"))
    shown = _chosen(versions, request.GET.get("version")) or template.in_force or versions[0]
    before = next((version for version in versions if version.number < shown.number), None)
    against = _chosen(versions, request.GET.get("against")) or before
    context = {
        "template": template,
        "versions": versions,
        "uses": catalogue.uses(versions),
        "shown": next(version for version in versions if version.pk == shown.pk),
        "texts": [_text(shown, language) for language in catalogue.LANGUAGES],
        "readings": readings(shown, Places.of(request.membership.organization, now)),
        "against": against,
        "differences": catalogue.differences(against, shown) if against else [],
        "under_way": next((version for version in versions if version.state in library.OPEN), None),
        "withdraw": WithdrawForm(initial={"seen": shown.stamp}) if _may_withdraw(request, template, shown) else None,
        "being_written": ReplyDraft.objects.filter(version=shown).count(),
        "today": today_of(request.membership.organization, timezone.now()),
        "to_read_again": rereading.to_read_again(request.membership.organization, now),
    }
    return render(request, "responses/template.html", context)


def _may_withdraw(request: MemberRequest, template: Template, shown: TemplateVersion) -> bool:
    return template.in_force_id == shown.pk and request.membership.may(Permission.TEMPLATES_DECIDE)


def _chosen(versions: list[TemplateVersion], number: str | None) -> TemplateVersion | None:
    return next((version for version in versions if str(version.number) == number), None)


def _text(version: TemplateVersion, language: str) -> dict[str, Any]:
    body = version.body(language)
    title = version.title_en if language == "en" else version.title_fr
    return {
        "language": language,
        "title": title,
        "pieces": catalogue.pieces(body),
        "length": len(body),
    }


def _template(request: MemberRequest, pk: int) -> Template:
    mine = Template.objects.filter(organization=request.membership.organization_id).select_related("in_force")
    return get_object_or_404(mine, pk=pk)


# --- written --------------------------------------------------------------------------------------------


@requires(Permission.TEMPLATES_DRAFT)
@require_http_methods(["GET", "POST"])
def template_new(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return _write(request, _form(request), None)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _write(request, form, None, status=422)
    version = library.draft(request.membership.organization, by=request.membership, now=timezone.now(), **form.cleaned_data)
    return _kept(request, form, version)


@requires(Permission.TEMPLATES_DRAFT)
@require_http_methods(["GET", "POST"])
def template_edit(request: MemberRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    version = _to_write(template)
    if request.method == "GET":
        if version.state == TemplateVersion.State.IN_REVIEW:
            messages.warning(request, _("These words are in review: nobody can change them before the decision."))
            return redirect("responses:template", template.pk)
        return _write(request, _form(request, about=version.topic, initial=version.words), version)
    form = _form(request, request.POST, about=version.topic)
    if not form.is_valid():
        return _write(request, form, version, status=422, seen=request.POST.get("seen", ""))
    return _revise(request, form, version)


def _form(request: MemberRequest, data: Any = None, **more: Any) -> TemplateForm:
    return TemplateForm(data, organization=request.membership.organization_id, **more)


def _revise(request: MemberRequest, form: TemplateForm, version: TemplateVersion) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        changed = library.revise(version, by=request.membership, now=timezone.now(), seen=seen, **form.cleaned_data)
    except library.Conflict as conflict:
        # The stamp stays the old one: what somebody else wrote is shown beside, and never overwritten unseen.
        form.add_error(None, str(conflict))
        return _write(request, form, version, status=422, seen=seen, theirs=_to_write(version.template))
    return _kept(request, form, changed)


def _kept(request: MemberRequest, form: TemplateForm, version: TemplateVersion) -> HttpResponse:
    """The draft is kept; now hand it in, if that was asked for and it is ready."""
    if readiness.only_acknowledges(version.words):
        messages.warning(request, _("This reads like an acknowledgement. If it is one, say so: the person’s wait then goes on."))
    if "submit" not in request.POST:
        messages.success(request, _("Draft kept."))
        return redirect("responses:template", version.template_id)
    try:
        library.submit(version, by=request.membership, now=timezone.now())
    except ValidationError as problems:
        form.add_error(None, problems)
        return _write(request, form, version, status=422, unready=True)
    except library.Conflict as conflict:
        form.add_error(None, str(conflict))
        return _write(request, form, version, status=422)
    messages.success(request, _("Sent for review."))
    return redirect("responses:template", version.template_id)


def _to_write(template: Template) -> TemplateVersion:
    """What an editor begins from: the newest version, which is the one under way if there is one."""
    version = template.versions.order_by("-number")[0]
    version.template = template
    return version


def _write(
    request: MemberRequest,
    form: TemplateForm,
    version: TemplateVersion | None,
    *,
    status: int = 200,
    seen: str | None = None,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "fields": palette(Places.of(request.membership.organization, timezone.now())),
        "seen": (version.stamp if version else "") if seen is None else seen,
        "next_number": version.number + 1 if version and version.state not in library.EDITABLE else None,
        **more,
    }
    return render(request, "responses/template_edit.html", context, status=status)
