"""Who is told what becomes of words: compliance that they wait, their author what was decided, both that they expire soon."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import Permission
from accounts.locations.dates import today_of
from accounts.models import AuditEntry, Membership
from inbox.models import Notice
from inbox.news import notices
from inbox.triage.identifiers.unread import masked
from responses.models import TemplateVersion

State, Kind = TemplateVersion.State, Notice.Kind
BEFORE = (1, 7, 30)  # days before the last one on which words may be used, the nearest first
MORNING = time(7)  # before that nobody is sent a mail of a day that has just begun
TOGETHER = timedelta(minutes=15)  # what is handed in and decided on one after the other comes in one mail


def moved(version: TemplateVersion, *, by: Membership | None, now: datetime) -> None:
    """In the transaction that changed its state. What was said of it before is over."""
    notices.over(address_of(version), now=now)
    match version.state:
        case State.IN_REVIEW:
            _tell(_deciders(version), Kind.WORDS_SUBMITTED, version, now=now, by_mail=_soon(now))
        case State.APPROVED:
            _tell(_author(version, by), Kind.WORDS_APPROVED, version, now=now)
        case State.CHANGES_REQUESTED:
            _tell(_author(version, by), Kind.WORDS_CHANGES, version, now=now, by_mail=_soon(now))
        case State.WITHDRAWN:
            _tell(_author(version, by), Kind.WORDS_WITHDRAWN, version, now=now, by_mail=_soon(now))


def expiring(*, now: datetime) -> int:
    """Tell of all words that end soon, once at each of these distances: of several that went by unseen, of the nearest.

    Return of how many.
    """
    soon = (now + timedelta(days=BEFORE[-1] + 1)).date()
    ending = (
        TemplateVersion.objects.usable(now).filter(expires_on__lte=soon).order_by("template__organization", "expires_on", "pk")
    )
    due = {}
    for version in ending.select_related("template__organization", "author"):
        if days := _distance(version, today_of(version.template.organization, now)):
            due[f"expires:{version.pk}:{version.expires_on}:{days}"] = version
    told = _told(due)
    news = {key: version for key, version in due.items() if key not in told}
    for key, version in news.items():
        people = {member.pk: member for member in [*_deciding(version), *_author(version, None)]}
        with transaction.atomic():  # all of them or nobody: who has been told once is not asked about again
            _tell(people.values(), Kind.WORDS_EXPIRING, version, now=now, by_mail=_in_the_morning(version, now), key=key)
    return len(news)


def _told(due: Mapping[str, TemplateVersion]) -> set[str]:
    """By the addresses, which have an index that keys have not; it holds no empty one."""
    there = Notice.objects.filter(address__in={address_of(version) for version in due.values()}).exclude(address="")
    return set(there.filter(key__in=due).values_list("key", flat=True))


def address_of(version: TemplateVersion) -> str:
    return f"{reverse('responses:template', args=[version.template_id])}?version={version.number}"


def _distance(version: TemplateVersion, today: date) -> int:
    """In days, of those of BEFORE; 0: none. Who approved words for two weeks yesterday knows that they end in a month."""
    if version.expires_on is None or version.decided_at is None:
        return 0
    days = next((days for days in BEFORE if version.expires_on - today <= timedelta(days=days)), 0)
    approved = version.decided_at.astimezone(version.template.organization.zone).date()
    return days if version.expires_on - timedelta(days=days) > approved else 0


# --- whom -----------------------------------------------------------------------------------------------


def _deciding(version: TemplateVersion) -> Iterable[Membership]:
    members = Membership.objects.active().filter(organization=version.template.organization_id)
    return members.with_permission(Permission.TEMPLATES_DECIDE).select_related("user")


def _deciders(version: TemplateVersion) -> Iterable[Membership]:
    """Who may decide on just these words: nobody who wrote in them."""
    entries = AuditEntry.objects.filter(action__in=["template.drafted", "template.revised"], subject_id=version.pk)
    wrote = entries.filter(organization=version.template.organization_id, subject_type=TemplateVersion._meta.label_lower)
    writers = {version.author_id, *wrote.values_list("actor", flat=True)}
    return [member for member in _deciding(version) if member.pk not in writers]


def _author(version: TemplateVersion, by: Membership | None) -> Iterable[Membership]:
    """Nobody, where it was the author who did it, or where they are gone."""
    if by and by.pk == version.author_id:
        return []
    return Membership.objects.active().filter(pk=version.author_id).select_related("user")


# --- what, and when -------------------------------------------------------------------------------------


def _tell(
    members: Iterable[Membership],
    kind: Notice.Kind,
    version: TemplateVersion,
    *,
    now: datetime,
    by_mail: datetime | bool = False,
    key: str = "",
) -> None:
    """Each in their language. Words may go back and forth between the same two people: each time is told."""
    key = key or f"{kind}:{version.pk}:{now:%Y%m%d%H%M%S%f}"
    people = sorted(members, key=lambda member: member.user.language)
    for language, those in groupby(people, key=lambda member: member.user.language):
        with override(language):
            about = notices.Elsewhere(version.template.organization_id, address_of(version), version.title, _said(kind, version))
        notices.tell(those, kind, about, key=key, now=now, by_mail=by_mail)


def _said(kind: Notice.Kind, version: TemplateVersion) -> str:
    """What somebody typed is masked: it leaves by mail."""
    last = date_format(version.expires_on, "DATE_FORMAT") if version.expires_on else ""
    match kind:
        case Kind.WORDS_EXPIRING:
            return _("Last day: %(day)s.") % {"day": last}
        case Kind.WORDS_SUBMITTED:
            return _("Handed in by %(name)s.") % {"name": version.author}
    comment = masked(version.comment)
    decided = _("%(name)s: “%(comment)s”") % {"name": version.decided_by, "comment": comment} if comment else ""
    if kind == Kind.WORDS_APPROVED and last:
        until = _("It may be sent until %(day)s.") % {"day": last}
        return f"{until} {decided}".strip()
    return decided


def _in_the_morning(version: TemplateVersion, now: datetime) -> datetime:
    local = now.astimezone(version.template.organization.zone)
    return max(now, datetime.combine(local.date(), MORNING, local.tzinfo))


def _soon(now: datetime) -> datetime:
    """The end of this quarter of an hour."""
    return now + TOGETHER - timedelta(seconds=now.timestamp() % TOGETHER.total_seconds())
