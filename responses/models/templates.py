import hashlib
import json
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.locations.dates import local_date
from accounts.models import Membership, Organization
from inbox import platforms
from inbox.triage.topics.names import LABELS

# What a version says and where it may be used: what a reviewer decides on, and what the trigger keeps as it was.
WORDS = ("title_fr", "title_en", "topic", "audience", "platforms", "body_fr", "body_en", "holds")
MOVE = "move"  # asks somebody to go on in private, and repeats nothing of what they wrote: always holds
# What approved words answer is what triage finds; beside these, an organization has its own (texts/topics.py).
TOPICS = [(MOVE, _("Move to private")), *((str(topic), label) for topic, label in LABELS.items())]


class Audience(models.TextChoices):
    PUBLIC = "public", _("Public replies")
    PRIVATE = "private", _("Private messages")
    BOTH = "both", _("Public and private")


class Template(models.Model):
    """Approved words, under one title. What they say is in the versions."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="templates")
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    in_force = models.ForeignKey(
        "responses.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )  # the approved version that may be used; None: none may

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        version = self.in_force or self.versions.order_by("-number").first()
        return version.title if version else f"#{self.pk}"


class TemplateVersionQuerySet(models.QuerySet["TemplateVersion"]):
    def of(self, membership: Membership) -> Self:
        return self.filter(template__organization=membership.organization_id)

    def usable(self, now: datetime) -> Self:
        """Approved, in force and not expired: the only words that may be sent as a template."""
        unexpired = Q(expires_on=None) | Q(expires_on__gte=local_date(now, "template__organization"))
        return self.filter(unexpired, state=TemplateVersion.State.APPROVED, template__in_force=F("pk"))


class TemplateVersion(models.Model):
    """One wording in both languages. Once submitted a trigger of the database refuses to change its words."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")
        REPLACED = "replaced", _("Replaced")

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    title_fr = models.CharField(_("title in French"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=80)
    topic = models.CharField(_("topic"), max_length=30, choices=TOPICS)
    audience = models.CharField(_("used for"), max_length=10, choices=Audience, default=Audience.BOTH)
    # Empty: every platform.
    platforms = ArrayField(
        models.CharField(max_length=20, choices=platforms.choices), verbose_name=_("platforms"), default=list, blank=True
    )
    body_fr = models.TextField(_("text in French"), max_length=3000)
    body_en = models.TextField(_("text in English"), max_length=3000)
    holds = models.BooleanField(
        _("Does not answer yet: the person’s wait goes on"),
        default=False,
        db_default=False,
        help_text=_(
            "For words that only acknowledge, or ask to go on elsewhere, as those of the topic “Move to private” always do: "
            "the clock stops when somebody answers."
        ),
    )
    expires_on = models.DateField(_("expires after"), null=True, blank=True)
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)  # what the decider asks or says

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint("template", "number", name="version_number_once"),
            # Nobody approves their own words, whatever roles they hold.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(state__in=["approved", "changes_requested"]) | ~Q(decided_by=F("author")),
                name="author_does_not_decide",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False, decided_at__isnull=False), name="approved_by_someone"
            ),
            models.CheckConstraint(condition=~Q(topic=MOVE) | Q(holds=True), name="move_holds"),
            # One wording at a time is on its way.
            models.UniqueConstraint(
                "template", condition=Q(state__in=["draft", "in_review", "changes_requested"]), name="one_open_version"
            ),
        ]
        indexes = [models.Index("submitted_at", name="version_in_review", condition=Q(state="in_review"))]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def title(self) -> str:
        mine, other = self.title_fr, self.title_en
        if (get_language() or "fr").startswith("en"):
            mine, other = other, mine
        return mine or other

    @property
    def words(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in WORDS}

    @property
    def stamp(self) -> str:
        """Changes with the words and the state: a form sends back the one it showed, so that a stale one is seen."""
        content = json.dumps([self.state, self.submitted_at, self.words], default=str)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def body(self, language: str) -> str:
        return self.body_en if language == "en" else self.body_fr
