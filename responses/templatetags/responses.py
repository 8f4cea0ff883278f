from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from inbox.models import Channel
from inbox.timer import span
from responses import catalogue
from responses.histogram import Duration
from responses.models import Reply, TemplateVersion

register = template.Library()
register.filter("labelled", catalogue.labelled)

COUNTED = 99
LATELY = timedelta(days=30)


@register.simple_tag
def versions_to_decide(membership: Membership) -> str:
    """How many wait for a decision, counted no further than is shown; empty for none."""
    waiting = TemplateVersion.objects.of(membership).filter(state=TemplateVersion.State.IN_REVIEW)[: COUNTED + 1].count()
    return f"{COUNTED}+" if waiting > COUNTED else str(waiting or "")


@register.simple_tag
def replies_in_doubt(channel: Channel) -> dict[str, int]:
    """How many replies of a page were not sent lately, and of how many nobody is sure."""
    replies = Reply.objects.filter(conversation__channel=channel)
    failed = replies.filter(state=Reply.State.FAILED, created_at__gt=timezone.now() - LATELY)
    return {"failed": failed.count(), "uncertain": replies.filter(state=Reply.State.UNCERTAIN).count()}


@register.filter
def duration(length: Duration | None) -> str:
    """“5 h 20”, “at least 30 h”, or a dash for none."""
    if length is None:
        return "—"
    words = span(timedelta(minutes=length.minutes))
    return _("at least %(time)s") % {"time": words} if length.at_least else words
