"""What became of the cases of a month, product by product: to lay beside the book of whoever receives them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.models import Membership
from inbox.cases import reading
from inbox.cases.reading import Shown
from inbox.models import Finding, OwnProduct, SafetyCase
from inbox.triage.text import Text
from inbox.triage.words import medicines

Known = SafetyCase.Known
RELATED = ("message__conversation__contact", "message__conversation__location", "forwarded_by__user")


@dataclass(frozen=True, slots=True)
class Line:
    """One case. No word of the message but what the product is called, masked as anywhere."""

    shown: Shown
    own: tuple[str, ...] = ()  # what the organization makes

    @property
    def case(self) -> SafetyCase:
        return self.shown.case

    @property
    def product(self) -> str:
        """What is its own as it is spelled there, whether or not the rules needed its name."""
        said = Text(self.shown.words).folded
        named = [name for name in self.own if medicines.called((name,)).search(said)]
        spelled = {name.casefold(): name for name in self.own}
        named += [spelled.get(name.casefold(), name.casefold()) for name in self.shown.products]
        return ", ".join(dict.fromkeys(named))

    @property
    def dismissed(self) -> Finding | None:
        """What a person took off last, where nothing of it stands."""
        found = [seen.finding for seen in self.shown.seen]
        if any(finding.removed_at is None for finding in found):
            return None
        return max(found, key=lambda finding: (finding.removed_at, finding.pk), default=None)

    @property
    def late(self) -> bool:
        return not self.dismissed and self.shown.clocks.late

    @property
    def invalid(self) -> bool:
        return not self.dismissed and not self.case.valid

    @property
    def missing(self) -> str:
        """Why it is not valid."""
        if not self.invalid:
            return ""
        if self.case.checked_at is None:
            return _("Nobody has looked at the criteria yet")
        return ", ".join(each.label for each in self.shown.criteria if each.known != Known.YES)


@dataclass(frozen=True, slots=True)
class Count:
    """Of one product; "": of which the message names none."""

    product: str
    received: int
    forwarded: int
    acknowledged: int
    reported: int
    late: int
    invalid: int
    dismissed: int


def lines(member: Membership, first: datetime, end: datetime, now: datetime) -> Iterator[Line]:
    """The cases of which we knew from one moment to before another, in that order."""
    rows = SafetyCase.objects.visible_to(member).filter(aware_at__gte=first, aware_at__lt=end).order_by("aware_at", "pk")
    found = Prefetch("message__findings", Finding.objects.select_related("removed_by__user"))
    together = rows.select_related(*RELATED).prefetch_related(found, "message__versions", "reports")
    own = tuple(OwnProduct.objects.filter(organization=member.organization_id).values_list("name", flat=True))
    return (Line(reading.shown(case, now), own) for case in together.iterator(chunk_size=500))


def counts(rows: Iterable[Line]) -> list[Count]:
    by_product = defaultdict(list)
    for row in rows:
        by_product[row.product].append(row)
    return [_count(product, by_product[product]) for product in sorted(by_product, key=lambda name: (not name, name.casefold()))]


def _count(product: str, rows: list[Line]) -> Count:
    return Count(
        product,
        received=len(rows),
        forwarded=sum(row.case.forwarded_at is not None for row in rows),
        acknowledged=sum(row.case.acknowledged is not None for row in rows),
        reported=sum(row.case.reported is not None for row in rows),
        late=sum(row.late for row in rows),
        invalid=sum(row.invalid for row in rows),
        dismissed=sum(row.dismissed is not None for row in rows),
    )
