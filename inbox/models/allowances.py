from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Sum


class SpentUnitsQuerySet(models.QuerySet["SpentUnits"]):
    def of(self, platform: str, day: date) -> Self:
        return self.filter(platform=platform, day=day)

    def total(self) -> int:
        return self.aggregate(total=Sum("units"))["total"] or 0


class SpentUnits(models.Model):
    """What all calls of one day took of the units that a platform allows our app, for all of its channels together."""

    platform = models.CharField(max_length=20)
    day = models.DateField()  # where the platform is
    cost = models.CharField(max_length=10)  # platforms.base.Cost
    units = models.PositiveIntegerField(default=0)

    objects = SpentUnitsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("platform", "day", "cost", name="spent_once_a_day")]

    def __str__(self) -> str:
        return f"{self.platform} {self.day} {self.cost}: {self.units}"

    @classmethod
    def add(cls, platform: str, day: date, cost: str, units: int) -> None:
        first = cls(platform=platform, day=day, cost=cost)
        cls.objects.bulk_create([first], ignore_conflicts=True)  # type: ignore[list-item]
        cls.objects.filter(platform=platform, day=day, cost=cost).update(units=F("units") + units)
