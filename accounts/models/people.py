from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import zones
from accounts.access import Permission, Role, permissions_of
from accounts.models.organizations import Location, Organization


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in. What they may do hangs on their memberships, never on the user."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, default="fr-ca")
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)  # where colleagues reach them in an emergency
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def initials_of(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(ended_at=None, user__is_active=True)

    def with_permission(self, permission: Permission) -> Self:
        return self.filter(role__in=[role for role in Role if permission in permissions_of(role)])

    def who_see(self, location_id: int) -> Self:
        return self.filter(Q(all_locations=True) | Q(locations=location_id)).distinct()

    def with_zone(self) -> Self:
        """Each with its `zone` at hand, so that no request asks for it by itself."""
        all_of_them = Location.objects.filter(organization=OuterRef("organization")).order_by("pk").values("time_zone")
        theirs = all_of_them.filter(memberships=OuterRef("pk"))
        first = Case(When(all_locations=True, then=Subquery(all_of_them[:1])), default=Subquery(theirs[:1]))
        return self.annotate(first_zone=first)


class Membership(models.Model):
    """A person in an organization: a role, and the locations they may see."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    all_locations = models.BooleanField(_("all locations"), default=False)
    locations = models.ManyToManyField(Location, blank=True, related_name="memberships", verbose_name=_("locations"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    first_zone: str | None  # of `with_zone`

    class Meta:
        ordering = ["user__name"]
        constraints = [models.UniqueConstraint("user", "organization", name="one_membership_an_organization")]

    def __str__(self) -> str:
        return str(self.user)

    def may(self, permission: Permission) -> bool:
        return self.ended_at is None and permission in permissions_of(Role(self.role))

    def visible_locations(self) -> "models.QuerySet[Location]":
        """The locations this member may see; the one place that decides it."""
        mine = Location.objects.filter(organization=self.organization_id)
        return mine if self.all_locations else mine.filter(memberships=self)

    def location_ids(self) -> list[int] | None:
        """Ids of the locations this member is kept to, or None for all of the organization."""
        return None if self.all_locations else [place.pk for place in self.places]

    @cached_property
    def places(self) -> list[Location]:
        """Those they may see, asked once a request."""
        return list(self.visible_locations())

    @cached_property
    def zone(self) -> ZoneInfo:
        """In which they read times: that of the first location they see."""
        if not hasattr(self, "first_zone"):
            first = self.visible_locations().order_by("pk").first()
            return first.zone if first else self.organization.zone
        return ZoneInfo(self.first_zone) if self.first_zone else self.organization.zone

    @property
    def has_many_zones(self) -> bool:
        """Whether a list may tell of places that do not share their time."""
        return len({zones.in_words(place.time_zone) for place in self.places}) > 1


class Duty(models.Model):
    """This pharmacist is on duty at this location: the first to be told when somebody may be in danger."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="duties")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="duties")
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [models.UniqueConstraint("location", "membership", name="on_duty_once")]

    def __str__(self) -> str:
        return f"{self.membership} ({self.location})"


class Invitation(models.Model):
    """A link that lets one person join. Only its digest is kept."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    all_locations = models.BooleanField(_("all locations"), default=False)
    locations = models.ManyToManyField(Location, blank=True, verbose_name=_("locations"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Membership, models.PROTECT, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


def locations_named(memberships: Iterable[Membership]) -> dict[int, list[str]]:
    """Short names of the locations of each membership, for lists; one query."""
    found: dict[int, list[str]] = {}
    rows = Membership.locations.through.objects.filter(membership__in=memberships).order_by("location__name")
    for membership_id, name in rows.values_list("membership_id", "location__short_name"):
        found.setdefault(membership_id, []).append(name)
    return found
