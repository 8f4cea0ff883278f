"""Who is told that somebody may be in danger: at once, and again until one of them takes it on by name."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, Role
from accounts.models import Membership
from inbox import live
from inbox.crises.words import rank
from inbox.models import Conversation, Crisis, Finding, Notice
from inbox.models.safety.crises import CrisisQuerySet
from inbox.news import notices
from inbox.waits import halves

AGAIN = timedelta(minutes=10)


class NotPossible(ValueError):
    """It cannot be taken on; the words say why."""


def alert_due(*, now: datetime, limit: int = 100) -> int:
    """Tell people of each conversation in which a crisis is due, once whatever was found in it; return how many.

    Two clocks tell once.
    """
    rows = Crisis.objects.to_alert(now).order_by("alert_at", "pk")[:limit].values_list("conversation", flat=True)
    return sum(_alert(pk, now) for pk in dict.fromkeys(rows))


@transaction.atomic
def _alert(conversation_pk: int, now: datetime) -> bool:
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_pk)
    if not conversation.crises.to_alert(now).exists():
        return False  # another clock was first
    # From now, not from when it was due: after a clock that stood still people are told once, not once for each that was missed.
    if not conversation.crises.to_take().update(alert_at=now + AGAIN, alerts=F("alerts") + 1):
        return False  # taken on at this moment, in its other half
    # All that nobody has taken on, due or not: what was found later is told with it, and again with it.
    waiting = sorted(conversation.crises.to_take(), key=lambda crisis: rank(crisis.type))
    members = who(conversation)
    kind = Notice.Kind.CRISIS_LATE if any(crisis.is_late(now) for crisis in waiting) else Notice.Kind.CRISIS
    notices.tell_again(members, kind, conversation, key=_key(conversation.pk), now=now)
    about = {"members": sorted(member.pk for member in members), "types": [crisis.type for crisis in waiting]}
    audit.record("crisis.alerted", waiting[0], organization=conversation.organization_id, by=None, now=now, **about)
    return True


def who(conversation: Conversation) -> list[Membership]:
    """The pharmacists on duty at its location and its managers; never nobody.

    Where nobody is said to be on duty, every pharmacist of the location is told; where there is neither pharmacist nor manager,
    everybody who answers there; and where there is nobody at all, everybody who looks after the organization.
    """
    members = Membership.objects.active().filter(organization=conversation.organization_id)
    here = members.who_see(conversation.location_id).select_related("user")
    pharmacists = here.filter(role=Role.PHARMACIST)
    on_duty = pharmacists.filter(duties__location=conversation.location_id)
    told = [*(on_duty or pharmacists), *here.filter(role=Role.MANAGER)]
    answering = notices.who_answers(conversation.location_id, conversation.organization_id)
    return told or list(answering) or list(notices.who_sees_all(conversation.organization_id))


def may_take(conversation: Conversation, member: Membership) -> bool:
    """Pharmacists and managers, on duty or not; and whoever is told because there are none."""
    return member.may(Permission.CRISIS_TAKE) or member in who(conversation)


def waits_for(conversation: Conversation, member: Membership) -> bool:
    """Whether they may take on something here that nobody has."""
    return of_both(conversation, member).to_take().exists() and may_take(conversation, member)


def may_be_closed(conversation: Conversation, *, by: Membership) -> bool:
    """Closing ends the alert: where nobody took it on, only who may take it on closes. So it is with what no crisis has yet."""
    coming = Finding.objects.to_attend().filter(message__conversation=conversation)
    return may_take(conversation, by) or not (conversation.crises.to_take().exists() or coming.exists())


def of_both(conversation: Conversation, by: Membership) -> CrisisQuerySet:
    """Those of a conversation and of its other half, as far as somebody sees them."""
    here_or_there = Q(conversation=conversation) | Q(conversation__in=halves.other(conversation))
    return Crisis.objects.visible_to(by).filter(here_or_there)


@transaction.atomic
def acknowledge(conversation: Conversation, *, by: Membership, now: datetime) -> int:
    """Take on what is open in a conversation and in its other half, by name: nobody is alerted any more. Raises NotPossible."""
    if not may_take(conversation, by):
        raise NotPossible(_("A pharmacist or a manager takes this on. Call one now."))
    waiting = of_both(conversation, by).to_take()
    taken = [crisis for crisis in waiting if _take(crisis, by, now)]
    if not taken:
        raise NotPossible(_already(conversation, by))
    live.nudge(conversation.organization_id)
    return len(taken)


def _take(crisis: Crisis, by: Membership, now: datetime) -> bool:
    free = Crisis.objects.open().filter(pk=crisis.pk, acknowledged_at=None)
    if not free.update(acknowledged_at=now, acknowledged_by=by, alert_at=None):
        return False
    hush(crisis, now=now)
    about = {"conversation": crisis.conversation_id, "type": crisis.type, "late": now > crisis.due_at}
    audit.record("crisis.acknowledged", crisis, organization=crisis.organization_id, by=by, now=now, **about)
    return True


def _already(conversation: Conversation, by: Membership) -> str:
    last = of_both(conversation, by).exclude(acknowledged_at=None).select_related("acknowledged_by__user").last()
    if last is None:
        return _("Nothing here waits for anybody to take it on.")
    return _("%(name)s has already taken this on.") % {"name": last.acknowledged_by}


def hush(crisis: Crisis, *, now: datetime) -> None:
    """What was told of it is settled, unless another waits beside it: read everywhere, and no mail leaves any more."""
    if Crisis.objects.to_take().filter(conversation=crisis.conversation_id).exists():
        return
    told = Notice.objects.filter(conversation=crisis.conversation_id, key=_key(crisis.conversation_id))
    told.filter(read_at=None).update(read_at=now)
    told.exclude(mail_at=None).update(mail_at=None)


def _key(conversation_pk: int) -> str:
    return f"danger:{conversation_pk}"
