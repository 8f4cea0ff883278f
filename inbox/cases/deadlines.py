"""By when a safety case is passed on and reported. Pure: no ORM, no settings, no now().

Holidays are not counted. They could only allow more time: on the day before one, the 24 hours are over first.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
CLOSE_OF_BUSINESS = time(17)
SATURDAY = 5

ADVERSE_EVENT, DEVICE_INCIDENT = "adverse_event", "device_incident"
# Calendar days from the day we knew: where it is serious or may be, and where a person said that it is not.
DAYS: dict[str, tuple[int | None, int | None]] = {ADVERSE_EVENT: (15, None), DEVICE_INCIDENT: (10, 30)}


def forward_by(aware_at: datetime, zone: tzinfo) -> datetime:
    """Within 24 hours, and before the next business day closes where the case was heard of: whichever comes first."""
    return min(aware_at.astimezone(UTC) + DAY, _close_of_next_business_day(aware_at, zone))


def acknowledge_by(forwarded_at: datetime, zone: tzinfo) -> datetime:
    """Until when whoever it was passed on to has said that they have it: one business day."""
    return _close_of_next_business_day(forwarded_at, zone)


def _close_of_next_business_day(aware_at: datetime, zone: tzinfo) -> datetime:
    day = aware_at.astimezone(zone).date() + DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return datetime.combine(day, CLOSE_OF_BUSINESS, zone).astimezone(UTC)


def report_on(type_: str, aware_at: datetime, *, serious: bool, zone: tzinfo) -> date | None:
    """The last day on which the authority is told; None where no day is set. serious: also where nobody knows yet."""
    if_serious, if_not = DAYS.get(type_, (None, None))
    days = if_serious if serious else if_not
    return aware_at.astimezone(zone).date() + timedelta(days=days) if days else None


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last second of a day, where it is."""
    return datetime.combine(day + DAY, time(0), zone).astimezone(UTC) - timedelta(seconds=1)
