"""An organization's own topics and products, changed by a person: each change is in the audit trail."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import audit
from accounts.models import Membership, Organization
from inbox.models import OwnProduct, OwnTopic
from inbox.models.own import PREFIX, SLUG, TOPICS
from inbox.triage.lexicons import fold
from inbox.triage.topics.names import LABELS

TOLD = ("name_fr", "name_en", "words")


@transaction.atomic
def save_topic(topic: OwnTopic, *, by: Membership, now: datetime) -> None:
    """Raises ValidationError, by field, where the organization has it already or has enough of them."""
    _hold(topic.organization_id)
    was = OwnTopic.objects.filter(pk=topic.pk).values(*TOLD).first()
    _must_be_new(topic)
    if was is None:
        _must_have_room(topic.organization_id)
        topic.slug, topic.created_at = _free_slug(topic), now
    changed = [name for name in TOLD if was is None or getattr(topic, name) != was[name]]
    if not changed:
        return
    topic.save(update_fields=TOLD if was else None)  # whether it was withdrawn meanwhile is not said here
    before = {name: was[name] for name in changed} if was else {}
    _record("changed" if was else "added", topic, by, now, before=before, after={name: getattr(topic, name) for name in changed})


@transaction.atomic
def withdraw_topic(topic: OwnTopic, *, by: Membership, now: datetime) -> None:
    """It is looked for no more. What has it keeps it, under its name."""
    if OwnTopic.objects.current().filter(pk=topic.pk).update(withdrawn_at=now):
        _record("withdrawn", topic, by, now)


@transaction.atomic
def restore_topic(topic: OwnTopic, *, by: Membership, now: datetime) -> None:
    _hold(topic.organization_id)
    _must_be_new(topic)
    _must_have_room(topic.organization_id)
    if OwnTopic.objects.filter(pk=topic.pk, withdrawn_at__isnull=False).update(withdrawn_at=None):
        _record("restored", topic, by, now)


@transaction.atomic
def set_products(
    organization: Organization, names: Iterable[str], *, shown: Collection[str], by: Membership, now: datetime
) -> None:
    """These are its own from now on, and what somebody else added since those were `shown`."""
    _hold(organization.pk)
    mine = OwnProduct.objects.filter(organization=organization)
    before, after = list(mine.values_list("name", flat=True)), list(names)
    after += [name for name in before if name not in after and name not in shown]
    if set(before) == set(after):
        return
    mine.exclude(name__in=after).delete()
    OwnProduct.objects.bulk_create(OwnProduct(organization=organization, name=name) for name in after if name not in before)
    audit.record("products.changed", organization, organization=organization, by=by, now=now, before=before, after=after)


def _hold(organization_id: int) -> None:
    """One change of an organization's own at a time, so that what is counted stays so."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _must_have_room(organization_id: int) -> None:
    if OwnTopic.objects.current().filter(organization=organization_id).count() >= TOPICS:
        raise ValidationError(_("An organization has %(most)s topics of its own at most: withdraw one first.") % {"most": TOPICS})


def _must_be_new(topic: OwnTopic) -> None:
    """Two topics of one name would be told apart by nobody."""
    others = OwnTopic.objects.current().filter(organization=topic.organization_id).exclude(pk=topic.pk)
    for name in ("name_fr", "name_en"):
        known = {fold(getattr(other, name)) for other in others} | _listed(name.removeprefix("name_"))
        if (mine := getattr(topic, name)) and fold(mine) in known:
            raise ValidationError({name: _("There is a topic of this name already.")})


def _listed(language: str) -> set[str]:
    with override("en" if language == "en" else "fr-ca"):
        return {fold(str(label)) for label in LABELS.values()}


def _free_slug(topic: OwnTopic) -> str:
    name = slugify(topic.name_fr or topic.name_en) or "topic"
    taken = set(OwnTopic.objects.filter(organization=topic.organization_id).values_list("slug", flat=True))
    ends = ("", *(f"-{number}" for number in range(2, len(taken) + 2)))
    return next(slug for end in ends if (slug := (PREFIX + name)[: SLUG - len(end)].strip("-") + end) not in taken)


def _record(action: str, topic: OwnTopic, by: Membership, now: datetime, **detail: object) -> None:
    audit.record(f"topic.{action}", topic, organization=topic.organization_id, by=by, now=now, **detail)
