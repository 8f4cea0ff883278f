"""Approved words: drafted, submitted, decided on by somebody else, withdrawn, expired. Every step is in the audit trail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.locations.dates import local_date, today_of
from accounts.models import AuditEntry, Membership, Organization
from inbox.models import Channel
from responses.models import Template, TemplateVersion
from responses.models.templates import MOVE
from responses.texts import readiness, telling
from responses.texts.products import own_products

State = TemplateVersion.State
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
OPEN = EDITABLE | {State.IN_REVIEW}


class NotAllowed(PermissionDenied):
    """This person may not do this. Says why."""


class Conflict(Exception):
    """Somebody else was faster, and what was shown is not what is there. Says what happened."""


@transaction.atomic
def draft(organization: Organization, *, by: Membership, now: datetime, **words: Any) -> TemplateVersion:
    _must(by, Permission.TEMPLATES_DRAFT)
    template = Template.objects.create(organization=organization, created_by=by, created_at=now)
    return _new_version(template, 1, by=by, now=now, words=words)


@transaction.atomic
def revise(version: TemplateVersion, *, by: Membership, now: datetime, seen: str = "", **words: Any) -> TemplateVersion:
    """Change a draft in place; of words already decided on, make the next version.

    seen: the stamp that the form showed; with it, a change made in between raises Conflict.
    """
    _must(by, Permission.TEMPLATES_DRAFT)
    version = _locked(version, seen)
    if version.state == State.IN_REVIEW:
        raise Conflict(_("These words are in review: nobody can change them before the decision."))
    if version.state in EDITABLE:
        return _change(version, by=by, now=now, words=words)
    others = version.template.versions.all()
    if (other := others.filter(state__in=OPEN).first()) is not None:
        raise Conflict(_("Version %(number)s is already under way.") % {"number": other.number})
    last = others.order_by("-number").values_list("number", flat=True)[0]
    return _new_version(version.template, last + 1, by=by, now=now, words=version.words | words)


@transaction.atomic
def submit(version: TemplateVersion, *, by: Membership, now: datetime, seen: str = "") -> TemplateVersion:
    """Hand the words in for review. Raises ValidationError, field by field, when they are not ready."""
    _must(by, Permission.TEMPLATES_DRAFT)
    version = _locked(version, seen)
    _must_be(version, EDITABLE)
    pages = Channel.objects.connected().filter(organization=version.template.organization_id)
    among, own = sorted(set(pages.values_list("platform", flat=True))), own_products(version.template.organization)
    if problems := readiness.problems(version.words, among=among, own=own):
        raise ValidationError(problems)
    return _move(version, State.IN_REVIEW, "submitted", by=by, now=now, submitted_at=now)


@transaction.atomic
def approve(
    version: TemplateVersion,
    *,
    by: Membership,
    now: datetime,
    seen: str = "",
    comment: str = "",
    expires_on: date | None = None,
) -> TemplateVersion:
    """Put the words in force, in the place of those before. expires_on: the last day they may be used."""
    version = _to_decide(version, by=by, seen=seen)
    if expires_on and expires_on < today_of(by.organization, now):
        raise ValidationError({"expires_on": _("This date is past.")})
    template = version.template
    if template.in_force_id and template.in_force_id != version.pk:
        _move(template.in_force, State.REPLACED, "replaced", by=by, now=now)  # type: ignore[arg-type]  # not None: has an id
    version = _decide(version, State.APPROVED, "approved", by=by, now=now, comment=comment, expires_on=expires_on)
    _put_in_force(template, version)
    return version


@transaction.atomic
def request_changes(version: TemplateVersion, *, by: Membership, now: datetime, comment: str, seen: str = "") -> TemplateVersion:
    version = _to_decide(version, by=by, seen=seen)
    return _decide(version, State.CHANGES_REQUESTED, "changes_requested", by=by, now=now, comment=_said(comment))


@transaction.atomic
def withdraw(version: TemplateVersion, *, by: Membership, now: datetime, comment: str, seen: str = "") -> TemplateVersion:
    """Take approved words out of use at once; none are in force afterwards. Their author may do it too."""
    _must(by, Permission.TEMPLATES_DECIDE)
    version = _locked(version, seen)
    _must_be(version, {State.APPROVED})
    version = _decide(version, State.WITHDRAWN, "withdrawn", by=by, now=now, comment=_said(comment))
    _put_in_force(version.template, None)
    return version


def expire_due(now: datetime) -> int:
    """Take out of force what is past its last day where its organization is; return how many."""
    past = TemplateVersion.objects.filter(state=State.APPROVED, expires_on__lt=local_date(now, "template__organization"))
    return sum(_expire(version, now) for version in past)


@transaction.atomic
def _expire(version: TemplateVersion, now: datetime) -> bool:
    version = _locked(version)
    if version.state != State.APPROVED:
        return False  # another clock, or a person, was faster
    _move(version, State.EXPIRED, "expired", by=None, now=now)
    if version.template.in_force_id == version.pk:
        _put_in_force(version.template, None)
    return True


def why_not_decide(version: TemplateVersion, by: Membership) -> str:
    """Why this person may not decide on these words; empty when they may."""
    return reasons_not_to_decide([version], by).get(version.pk, "")


def reasons_not_to_decide(versions: Iterable[TemplateVersion], by: Membership) -> dict[int, str]:
    """By id, for those of these versions that this person may not decide on; one query."""
    versions = list(versions)
    if not by.may(Permission.TEMPLATES_DECIDE):
        return {version.pk: _("Only compliance may decide which words are used.") for version in versions}
    # The author is the last who wrote; the trail knows the others.
    entries = AuditEntry.objects.filter(
        organization=by.organization_id, actor=by, action__in=["template.drafted", "template.revised"]
    )
    mine = entries.filter(subject_type=TemplateVersion._meta.label_lower, subject_id__in=[version.pk for version in versions])
    wrote = set(mine.values_list("subject_id", flat=True))
    reasons = {}
    for version in versions:
        if version.author_id == by.pk:
            reasons[version.pk] = _("You wrote these words, so somebody else decides.")
        elif version.pk in wrote:
            reasons[version.pk] = _("You changed these words on their way here, so somebody else decides.")
    return reasons


def _must(by: Membership, permission: Permission) -> None:
    if not by.may(permission):
        raise NotAllowed(_("Your role does not allow this."))


def _locked(version: TemplateVersion, seen: str = "") -> TemplateVersion:
    """The version as it is now, with its template held for this transaction: one writer a template."""
    template = Template.objects.select_for_update(no_key=True).get(pk=version.template_id)
    fresh = TemplateVersion.objects.get(pk=version.pk)
    fresh.template = template
    if seen and seen != fresh.stamp:
        raise Conflict(_("This text was changed or decided on since you opened it. Look at it again before you go on."))
    return fresh


def _must_be(version: TemplateVersion, states: "frozenset[State] | set[State]") -> None:
    if version.state not in states:
        raise Conflict(_("This version is now: %(state)s.") % {"state": version.get_state_display()})


def _to_decide(version: TemplateVersion, *, by: Membership, seen: str) -> TemplateVersion:
    version = _locked(version, seen)
    if reason := why_not_decide(version, by):
        raise NotAllowed(reason)
    _must_be(version, {State.IN_REVIEW})
    return version


def _said(comment: str) -> str:
    if not comment.strip():
        raise ValidationError({"comment": _("Say why, in a few words.")})
    return comment.strip()


def _new_version(template: Template, number: int, *, by: Membership, now: datetime, words: dict[str, Any]) -> TemplateVersion:
    version = TemplateVersion.objects.create(template=template, number=number, author=by, created_at=now, **_marked(words))
    _record("drafted", version, by=by, now=now, after=version.words)
    return version


def _marked(words: dict[str, Any]) -> dict[str, Any]:
    """Words that move to private hold, whatever was ticked."""
    return words | {"holds": True} if words.get("topic") == MOVE else words


def _change(version: TemplateVersion, *, by: Membership, now: datetime, words: dict[str, Any]) -> TemplateVersion:
    before = version.words
    for name, value in _marked(before | words).items():
        setattr(version, name, value)
    if version.words == before:
        return version
    # Asked for changes and changed: a draft again. The comment stays, for its author and the next review.
    version.state, version.author = State.DRAFT, by
    version.decided_by = version.decided_at = None
    version.save()
    _record("revised", version, by=by, now=now, before=before, after=version.words)
    return version


def _decide(
    version: TemplateVersion, state: State, action: str, *, by: Membership, now: datetime, **fields: Any
) -> TemplateVersion:
    return _move(version, state, action, by=by, now=now, decided_by=by, decided_at=now, **fields)


def _move(
    version: TemplateVersion, state: State, action: str, *, by: Membership | None, now: datetime, **fields: Any
) -> TemplateVersion:
    before = version.state
    version.state = state
    for name, value in fields.items():
        setattr(version, name, value)
    version.save(update_fields=["state", *fields])
    telling.moved(version, by=by, now=now)
    said = {"before": {"state": before}, "after": {"state": state, "number": version.number, "expires_on": version.expires_on}}
    _record(action, version, by=by, now=now, **said, comment=fields.get("comment", ""))
    return version


def _put_in_force(template: Template, version: TemplateVersion | None) -> None:
    template.in_force = version
    template.save(update_fields=["in_force"])


def _record(action: str, version: TemplateVersion, *, by: Membership | None, now: datetime, **detail: Any) -> None:
    organization = version.template.organization_id
    audit.record(f"template.{action}", version, organization=organization, by=by, now=now, **detail)
