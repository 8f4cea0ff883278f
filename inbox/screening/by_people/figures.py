"""How often each rule was right, month by month, as people judged it: what nobody removed counts as right. And what
people added, as no rule saw it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from accounts.models import Membership
from inbox.models import Finding
from inbox.models.safety.findings import RIGHT_ALL_THE_SAME
from inbox.screening.shown import words

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    month: date  # in which it was found
    rule: str
    type: str
    found: int
    wrong: int  # removed because the rule had read the words wrongly
    set_aside: int  # removed for what was learnt elsewhere

    @property
    def label(self) -> str:
        return words.label(self.type)

    @property
    def precision(self) -> float:
        return (self.found - self.wrong) / self.found

    @property
    def percent(self) -> int:
        """Rounded down: a rule that was wrong once is not right in 100 %."""
        return (self.found - self.wrong) * 100 // self.found


def months(now: datetime, zone: ZoneInfo) -> list[date]:
    """The months that are shown, the present one first."""
    today = now.astimezone(zone).date()
    numbers = range(today.year * 12 + today.month - 1, today.year * 12 + today.month - 1 - MONTHS, -1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(after.year, after.month, 1, tzinfo=zone)


def figures(member: Membership, first: datetime, end: datetime, zone: ZoneInfo) -> list[Figure]:
    """Of what was found from one moment to before another; the newest month first, then the rules that were wrong most often."""
    removed, right = Q(removed_at__isnull=False), Q(removal__in=RIGHT_ALL_THE_SAME)
    rows = Finding.objects.visible_to(member).by_rules().filter(replaced_at=None, found_at__gte=first, found_at__lt=end)
    counted = (
        rows.order_by()
        .values("rule", "type", month=TruncMonth("found_at", tzinfo=zone))
        .annotate(found=Count("pk"), wrong=Count("pk", filter=removed & ~right), set_aside=Count("pk", filter=removed & right))
    )
    found = [Figure(**row | {"month": row["month"].date()}) for row in counted]
    return sorted(found, key=lambda figure: (-figure.month.toordinal(), figure.precision, -figure.found, figure.rule))


@dataclass(frozen=True, slots=True)
class Unseen:
    """What people added, as no rule saw it."""

    month: date  # in which they did
    type: str
    messages: int
    removed: int  # of these: another person said since that it is not so

    @property
    def label(self) -> str:
        return words.label(self.type)


def unseen(member: Membership, first: datetime, end: datetime, zone: ZoneInfo) -> list[Unseen]:
    """From one moment to before another; the newest month first, then what was added most often."""
    rows = Finding.objects.visible_to(member).by_people().filter(found_at__gte=first, found_at__lt=end).order_by()
    removed = Q(removed_at__isnull=False) & ~Q(removal__in=RIGHT_ALL_THE_SAME)
    counted = rows.values("type", month=TruncMonth("found_at", tzinfo=zone)).annotate(
        messages=Count("message", distinct=True), removed=Count("message", filter=removed, distinct=True)
    )
    found = [Unseen(**row | {"month": row["month"].date()}) for row in counted]
    return sorted(found, key=lambda each: (-each.month.toordinal(), -each.messages, words.place(each.type)))
