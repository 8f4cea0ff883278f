"""Questions of every look and of every delivery, which the ORM writes once for each shape: writing one takes longer than asking.

A question is written for stand-ins, values that no row has. Each time it is asked, the real ones are put in their places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Location, Membership

MOMENT = datetime(2, 1, 1, tzinfo=UTC)


def key(number: int) -> int:
    """One that no row has, and far from what an expression holds of its own, as the -1 by which a column is negated."""
    return -900_000 - number


_ORGANIZATION, _MEMBER, _FIRST_PLACE = key(1), key(2), key(1000)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of a statement, and its parameters with stand-ins among them."""

    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Self:
        sql, parameters = rows.query.sql_with_params()
        return cls(sql, tuple(parameters))

    def ask(self, given: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """given: the real value of each stand-in."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [given.get(each, each) for each in self.parameters])
            return cursor.fetchall()


def kept_to(membership: Membership) -> int | None:
    """To how many locations; None: they see all. The text of what they ask depends on it, and on nothing else of theirs."""
    return None if membership.all_locations else len(_kept_to(membership))


def stand_in(kept_to: int | None) -> Membership:
    """Somebody who is kept to so many locations; None: to no number of them."""
    member = Membership(pk=_MEMBER, organization_id=_ORGANIZATION, all_locations=kept_to is None)
    member.places = [Location(pk=_FIRST_PLACE - n) for n in range(kept_to or 0)]
    return member


def given(membership: Membership) -> dict[Any, Any]:
    """Who really asks."""
    places = [] if membership.all_locations else _kept_to(membership)
    asks = {_ORGANIZATION: membership.organization_id, _MEMBER: membership.pk}
    return asks | {_FIRST_PLACE - n: pk for n, pk in enumerate(places)}


def _kept_to(membership: Membership) -> list[int]:
    # Who may see no location at all is kept to one that does not exist: the statement stays one statement.
    return membership.location_ids() or [0]
