"""In which time zone a page tells times and counts days, and a time of day in words. The rule is decision 26."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DateField, DateTimeField, Expression, Func, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from accounts.models import Location, Membership, Organization


def tell_as_in(whose: Location | Organization) -> None:
    """What this request tells is of one place, or counts an organization's days: their time, until `requires` takes it back."""
    timezone.activate(whose.zone)


def today_of(whose: Organization | Membership, now: datetime) -> date:
    return now.astimezone(whose.zone).date()


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first moment after `last`."""
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def hour_of(at: datetime, now: datetime) -> str:
    """“14:05” within a sentence; with the date where that is not today’s."""
    local = timezone.localtime(at)
    hour = pgettext("time of day", "%(hour)s:%(minute)s") % {"hour": f"{local:%-H}", "minute": f"{local:%M}"}
    return hour if local.date() == timezone.localdate(now) else f"{date_format(local, 'DATE_FORMAT')}, {hour}"


class _LocalDate(Func):
    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


def local_date(now: datetime, organization: str) -> Expression:
    """The date it is now in the organization that the outer row names by the path `organization`, for use in a query."""
    zones = Location.objects.filter(organization=OuterRef(organization)).order_by("pk").values("time_zone")[:1]
    return _LocalDate(Value(now, DateTimeField()), Coalesce(Subquery(zones), Value(settings.TIME_ZONE)))
