"""Who is on the platforms: what a business owns there, the people who write to it, and the keys to both."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from simulator import platforms


class Page(models.Model):
    """A page, an account, a phone number, an organization: whatever a platform lets a business own."""

    platform = models.CharField(max_length=20)
    external_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    username = models.CharField(max_length=100, blank=True)
    extra = models.JSONField(default=dict)  # what only its platform knows of it

    class Meta:
        ordering = ["platform", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.platform_label})"

    @property
    def platform_label(self) -> str:
        return platforms.label(self.platform)

    @property
    def token(self) -> str:
        """The oldest key to it."""
        first = self.tokens.order_by("pk").first()
        return first.value if first else ""


class Person(models.Model):
    page = models.ForeignKey(Page, models.CASCADE, related_name="people")
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    acted_at = models.DateTimeField(null=True)  # wrote, pressed, reacted: what opens a window
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint("page", "external_id", name="person_once_a_page")]

    def __str__(self) -> str:
        return self.name

    @property
    def thread_id(self) -> str:
        return f"t_{self.external_id}"


class TokenQuerySet(models.QuerySet["Token"]):
    def alive(self, now: datetime) -> "TokenQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), dead="")


class Token(models.Model):
    """A key that the platform gave out. Without a page it is a person's own."""

    value = models.CharField(max_length=1000, unique=True)
    platform = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, default="page")  # page, user, refresh, code, …
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="tokens")
    user = models.CharField(max_length=100, blank=True)  # the person who granted it
    scopes = models.JSONField(null=True)  # None: all there are
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    dead = models.CharField(max_length=20, blank=True)  # why it is refused, in the platform's own code
    extra = models.JSONField(default=dict)

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def allows(self, *scopes: str) -> bool:
        return self.scopes is None or set(scopes) <= set(self.scopes)


class Resource(models.Model):
    """Whatever else an app can make or change on a platform, by name: a webhook subscription, a setting, an upload."""

    platform = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=300)
    data: Any = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("platform", "kind", "key", name="resource_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
