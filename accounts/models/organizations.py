from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.locations.hours import parse_day, parse_week
from accounts.zones import validate_zone


def validate_week(value: Any) -> None:
    try:
        parse_week(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def validate_day(value: Any) -> None:
    try:
        parse_day(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class Province(models.TextChoices):
    """Help lines and public holidays differ by province."""

    QUEBEC = "QC", _("Québec")
    ALBERTA = "AB", _("Alberta")
    BRITISH_COLUMBIA = "BC", _("British Columbia")
    PRINCE_EDWARD_ISLAND = "PE", _("Prince Edward Island")
    MANITOBA = "MB", _("Manitoba")
    NEW_BRUNSWICK = "NB", _("New Brunswick")
    NOVA_SCOTIA = "NS", _("Nova Scotia")
    NUNAVUT = "NU", _("Nunavut")
    ONTARIO = "ON", _("Ontario")
    SASKATCHEWAN = "SK", _("Saskatchewan")
    NEWFOUNDLAND = "NL", _("Newfoundland and Labrador")
    NORTHWEST_TERRITORIES = "NT", _("Northwest Territories")
    YUKON = "YT", _("Yukon")


class Organization(models.Model):
    """A tenant."""

    class Kind(models.TextChoices):
        PHARMACY = "pharmacy", _("Pharmacy")
        CLINIC = "clinic", _("Clinic")
        MANUFACTURER = "manufacturer", _("Drug maker")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PHARMACY)
    language = models.CharField(_("language"), max_length=5, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def zone(self) -> ZoneInfo:
        """In which it counts its days, that of its first location; asked once a request."""
        return ZoneInfo(self.locations.order_by("pk").values_list("time_zone", flat=True).first() or settings.TIME_ZONE)


class Location(models.Model):
    """One pharmacy, clinic or office, with its own time zone and opening hours."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="locations")
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40)
    slug = models.SlugField()
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/Toronto", validators=[validate_zone])
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    province = models.CharField(_("province"), max_length=2, choices=Province, default=Province.QUEBEC)
    address = models.CharField(_("address"), max_length=200, blank=True)
    booking_url = models.URLField(_("booking link"), blank=True)
    hours_url = models.URLField(_("link to the opening hours"), blank=True)
    private_url = models.URLField(_("link to write in private"), blank=True)
    signature = models.CharField(_("signature"), max_length=120, blank=True)
    # {"mon": [["09:00", "21:00"]], …}: a day left out is closed; an interval may pass midnight.
    opening_hours = models.JSONField(_("opening hours"), default=dict, blank=True, validators=[validate_week])

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("organization", "slug", name="location_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SpecialDay(models.Model):
    """What one day of a location is like, whatever its week says: a holiday, or a day of its own."""

    class Opens(models.TextChoices):
        AS_USUAL = "as_usual", _("As usual")
        CLOSED = "closed", _("Closed")
        OTHER_HOURS = "other_hours", _("Other hours")

    location = models.ForeignKey(Location, models.CASCADE, related_name="special_days")
    date = models.DateField(_("day"))
    opens = models.CharField(_("opening"), max_length=20, choices=Opens)
    hours = models.JSONField(_("hours"), default=list, blank=True, validators=[validate_day])  # as a day of the week
    reason = models.CharField(_("reason, for staff"), max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint("location", "date", name="one_word_a_day"),
            models.CheckConstraint(condition=Q(opens="other_hours") ^ Q(hours=[]), name="hours_of_a_day_where_they_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.date} ({self.location})"
