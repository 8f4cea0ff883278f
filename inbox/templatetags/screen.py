"""What every page's templates use: icons, links of the bar on top, the timer chip, people's initials."""

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Membership
from inbox.models import Notice

register = template.Library()

UNREAD_SHOWN = 99


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of static/img/icons.svg. Hidden from screen readers, unless it says something that no word beside it says."""
    address = static("img/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, address, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', address, name)


@register.inclusion_tag("_nav_link.html", takes_context=True)
def nav_link(context: RequestContext, name: str, label: str, beside: str = "") -> dict[str, object]:
    """A link of the bar on top; current on its page and on those below it, save those below `beside`."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return {"address": ""}
    path = context["request"].path
    current = path.startswith(address) and not (beside and path.startswith(reverse(beside)))
    return {"address": address, "label": label, "current": current}


@register.simple_tag
def unread_notices(membership: Membership | None) -> str:
    """How many notices wait to be read, counted no further than is shown; empty for none."""
    if not membership:
        return ""
    unread = Notice.objects.filter(membership=membership, read_at=None)[: UNREAD_SHOWN + 1].count()
    return f"{UNREAD_SHOWN}+" if unread > UNREAD_SHOWN else str(unread or "")


@register.filter
def initials(name: str) -> str:
    """Two letters for the round mark beside a name."""
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
