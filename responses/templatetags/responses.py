from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from inbox.desk.timer import span
from inbox.models import Channel, Conversation, Message, Wait
from responses.composing import moving
from responses.measuring.histogram import Duration
from responses.measuring.outages import Meanwhile, Outage
from responses.models import Reply, TemplateVersion
from responses.models.templates import TOPICS
from responses.sending import reasons
from responses.texts import catalogue, telling, topics

register = template.Library()
register.filter("labelled", catalogue.labelled)

COUNTED = 99
LATELY = timedelta(days=30)


@register.simple_tag
def versions_to_decide(membership: Membership) -> str:
    """How many wait for a decision, counted no further than is shown; empty for none."""
    waiting = TemplateVersion.objects.of(membership).filter(state=TemplateVersion.State.IN_REVIEW)[: COUNTED + 1].count()
    return f"{COUNTED}+" if waiting > COUNTED else str(waiting or "")


@register.simple_tag(takes_context=True)
def topic_name(context: RequestContext, topic: str) -> str:
    """In the reader's words. Those of an organization's own are asked for once a page, and only where one of them is shown."""
    if listed := dict(TOPICS).get(topic):
        return str(listed)
    request = context.request
    if not hasattr(request, "own_topic_names"):
        request.own_topic_names = topics.own_names(request.membership.organization_id)  # type: ignore[attr-defined]
    return request.own_topic_names.get(topic, topic)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Doubts:
    """What of ours did not reach anybody lately, and of how many nobody is sure."""

    failed: int
    uncertain: int
    reasons: list[tuple[reasons.Explanation, int]]  # why, and how often: the most frequent first


@register.simple_tag
def replies_in_doubt(channel: Channel) -> Doubts:
    since = timezone.now() - LATELY
    replies = Reply.objects.filter(conversation__channel=channel)
    refused = replies.filter(state=Reply.State.FAILED, created_at__gt=since).values_list("error_code", flat=True)
    undone = Message.objects.undone().filter(channel=channel, sent_at__gt=since)
    codes = Counter([*refused, *map(reasons.code_of, undone)])
    uncertain = replies.filter(state=Reply.State.UNCERTAIN).count()
    return Doubts(codes.total(), uncertain, [(reasons.explain(code), count) for code, count in codes.most_common()])


@register.filter
def days_left(version: TemplateVersion, today: date) -> int:
    """Until the last day on which words may be sent."""
    return (version.expires_on - today).days if version.expires_on else 0


@register.filter
def expires_soon(version: TemplateVersion, today: date) -> bool:
    """From when its author is told so, until it is taken out of force."""
    return version.expires_on is not None and 0 <= days_left(version, today) <= max(telling.BEFORE)


@register.filter
def of_wait(meanwhile: Meanwhile, wait: Wait) -> list[Outage]:
    return meanwhile[wait.pk]


@register.filter
def why_undone(message: Message) -> reasons.Explanation:
    return reasons.explain(reasons.code_of(message))


@register.filter
def is_moving(conversation: Conversation) -> bool:
    return moving.is_under_way(conversation)


@register.filter
def duration(length: Duration | None) -> str:
    """“5 h 20”, “at least 30 h”, or a dash for none."""
    if length is None:
        return "—"
    words = span(timedelta(minutes=length.minutes))
    return _("at least %(time)s") % {"time": words} if length.at_least else words
