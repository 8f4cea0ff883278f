from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from inbox.timer import span
from responses import catalogue
from responses.histogram import Duration

register = template.Library()
register.filter("labelled", catalogue.labelled)


@register.filter
def duration(length: Duration | None) -> str:
    """“5 h 20”, “at least 30 h”, or a dash for none."""
    if length is None:
        return "—"
    words = span(timedelta(minutes=length.minutes))
    return _("at least %(time)s") % {"time": words} if length.at_least else words
