"""What every page's templates use: icons, links of the bar on top, the timer chip, people's initials."""

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.models.people import initials_of
from accounts.web.requests import can_be_opened, way_back
from inbox import platforms
from inbox.crises import reading
from inbox.crises.words import name as crisis_name
from inbox.desk import frame
from inbox.desk.lines import Line
from inbox.desk.rows import draw
from inbox.desk.tally import COUNTED
from inbox.desk.timer import Timer, sentences
from inbox.desk.timer import span as in_words
from inbox.models import Wait

register = template.Library()
register.filter("crisis_name", crisis_name)

ANY_PLATFORM = "platform-website"  # the drawing of a platform that has none of its own


@cache
def _drawn() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of static/img/icons.svg. Hidden from screen readers, unless it says something that no word beside it says."""
    return _icon(name, str(label))


@register.simple_tag
def platform_icon(slug: str, label: str = "") -> SafeString:
    """The same of a platform. Its drawing has a name of its own, as a platform may be called like anything: "x", "star"."""
    name = f"platform-{slug}"
    return _icon(name if name in _drawn() else ANY_PLATFORM, str(label))


@register.filter
def brand(slug: str) -> str:
    """What a platform calls itself, where no row is at hand that says it. One we no longer speak to: as we name it."""
    return dict(platforms.choices()).get(slug, slug)


@register.filter
def in_a_sentence(slug: str) -> str:
    """“on Facebook”, “on the website”."""
    connector = platforms.get(slug)
    return str(connector.in_a_sentence or connector.label)


@lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> SafeString:
    address = static("img/icons.svg")
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, address, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', address, name)


@register.inclusion_tag("_nav_link.html", takes_context=True)
def nav_link(context: RequestContext, name: str, label: str, beside: str = "", count: str = "") -> dict[str, object]:
    """A link of the bar on top; current on its page and on those below it, save those below `beside`, names of others."""
    address = reverse(name)
    path = context["request"].path
    current = path.startswith(address) and not any(path.startswith(reverse(other)) for other in beside.split())
    return {"address": address, "label": label, "current": current, "count": count}


@register.inclusion_tag("_language.html", takes_context=True)
def other_language(context: RequestContext) -> dict[str, object]:
    request = context.get("request")  # none, where an error is drawn without one
    return {"here": way_back(request), "stays": can_be_opened(request)} if request else {"here": reverse("home")}


@register.simple_tag
def unread_notices(membership: Membership | None) -> str:
    """How many notices wait to be read, counted no further than is shown; empty for none."""
    unread = frame.of(membership).unread if membership else 0
    return f"{frame.UNREAD_SHOWN}+" if unread > frame.UNREAD_SHOWN else str(unread or "")


@register.filter
def initials(name: str) -> str:
    """Two letters for the round mark beside a name."""
    return initials_of(name.replace(".", " ").replace("_", " "))


@register.inclusion_tag("inbox/_timer.html")
def timer(wait: Wait, now: datetime) -> dict[str, object]:
    return {"timer": Timer.of_wait(wait, now)}


@register.simple_tag
def row(line: Line, query: str, now: datetime, open_pk: int | None) -> SafeString:
    return draw(line, query=query, is_open=line.pk == open_pk, now=now)


@register.simple_tag
def timer_words() -> SafeString:
    """What static/js/timer.js says, in the page's language."""
    return format_html('<template id="timer-words"{}></template>', format_html_join("", ' data-{}="{}"', sentences().items()))


@register.simple_tag
def open_crises(membership: Membership) -> reading.Strip:
    return reading.strip(frame.of(membership).crises)


@register.filter
def span(length: timedelta) -> str:
    return in_words(length)


@register.filter
def short_span(length: timedelta) -> str:
    """The same, in seconds where it is less than a minute: of what takes no longer as a rule."""
    seconds = max(0, round(length.total_seconds()))
    return _("%(seconds)d s") % {"seconds": seconds} if seconds < 60 else in_words(length)


@register.filter
def capped(count: int) -> str:
    """A count as it is shown: 99+ beyond what was counted."""
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)


@register.filter
def day_name(day: date, now: datetime) -> str:
    """“Today”, “Yesterday”, “Tomorrow”, else the date."""
    match (timezone.localdate(now) - day).days:
        case -1:
            return _("Tomorrow")
        case 0:
            return _("Today")
        case 1:
            return _("Yesterday")
    return date_format(day, "DATE_FORMAT")


@register.filter
def moment(at: datetime, now: datetime) -> SafeString:
    """“Today, 15:22”, or with the date where it was longer ago."""
    local = timezone.localtime(at)
    return _on_one_line(local, f"{day_name(local.date(), now)}, {date_format(local, 'TIME_FORMAT')}")


@register.filter
def moment_within(at: datetime, now: datetime) -> SafeString:
    """The same where it stands within a sentence: “today, 15:22”."""
    local = timezone.localtime(at)
    day = day_name(local.date(), now)
    named = abs((timezone.localdate(now) - local.date()).days) <= 1  # the name of a month keeps its capital
    return _on_one_line(local, f"{day.lower() if named else day}, {date_format(local, 'TIME_FORMAT')}")


@register.filter(expects_localtime=True)
def dated(at: date | None, form: str) -> SafeString | str:
    """A date, and perhaps its time, in one of Django's forms, where it stands among words."""
    return _on_one_line(at, date_format(at, form)) if at else ""


def _on_one_line(at: date, words: str) -> SafeString:
    """A browser breaks a line after a hyphen, but not in <time>. A character that joins would be copied with it."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


_NUMBER = re.compile(
    r"(?<![\w•-])(?:(?:\+?1[ \u00a0.-])?(?:\([\d•]{3}\)|[\d•]{3})[ \u00a0.-][\d•]{3}[ \u00a0.-][\d•]{4}|9-8-8)(?![\w•-])"
)


@register.filter
def unbroken(text: str) -> SafeString:
    """Words in which a telephone number stays on one line; as there, a character that joins would be copied with it."""
    parts, end = [], 0
    for number in _NUMBER.finditer(text):
        parts += [escape(text[end : number.start()]), format_html('<span class="nowrap">{}</span>', number[0])]
        end = number.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - each part is escaped


@register.filter
def is_web(address: str) -> bool:
    """Whether what a stranger sent may become a link."""
    return str(address).startswith(("https://", "http://"))
