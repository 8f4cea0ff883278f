import hmac
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from inbox.models.conversations import Rank
from inbox.models.messages import Message
from inbox.triage.findings import Confidence, Family


class Removal(models.TextChoices):
    """Why a person says that what a machine saw is not so, or is not to stand here."""

    FIGURE_OF_SPEECH = "figure_of_speech", _("Figure of speech or joke")
    NOBODY = "nobody", _("A question or a supposition: it happened to nobody")
    OPPOSITE = "opposite", _("The message says the opposite")
    OTHER_MEANING = "other_meaning", _("The words mean something else")
    NOT_PERSONAL = "not_personal", _("Points to nobody, or to ourselves")
    EXPLAINED = "explained", _("Its author explained since that it is not so")
    RECORDED = "recorded", _("Already recorded from another message")
    OTHER = "other", _("Another reason")


# The rule read the words rightly; what it saw is taken off for what was learnt elsewhere.
RIGHT_ALL_THE_SAME = (Removal.EXPLAINED, Removal.RECORDED)


PERSON = "person"  # in the place of a rule: somebody saw what the rules had missed

FRESH = timedelta(days=1)  # since it was found: what has asked for no crisis until then is passed over, and asks for none later
OLD = timedelta(days=7)  # said so long before it was found: who wrote it is asked for no more at night


def digest_of(message: Message, text: str) -> str:
    """Tells one version of a message from another, and nothing of the words to who lacks the key."""
    said = f"{message.channel_id}\0{message.external_id}\0{text}"
    return hmac.digest(settings.AUDIT_KEY.encode(), said.encode(), "sha256").hex()[:32]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(message__conversation__location__in=ids)

    def standing(self) -> Self:
        """What holds: neither removed by a person nor said better by a later reading."""
        return self.filter(removed_at=None, replaced_at=None)

    def by_rules(self) -> Self:
        return self.filter(added_by=None)

    def by_people(self) -> Self:
        return self.filter(added_by__isnull=False)

    def unattended(self) -> Self:
        """What speaks of a danger, has opened no crisis, and was not passed over: few rows, whatever stands in the table."""
        return self.filter(family=Family.CRISIS, urgency=Rank.CRISIS, crisis=None, passed_over=False)

    def to_attend(self) -> Self:
        """What asks for a crisis and has none yet, however long nobody looked. Not what is old news: from before the page was
        connected, found by new rules in what was settled long ago, or said before its conversation was closed. What a person
        says today is no old news, whenever it was written.
        """
        dangerous = self.standing().unattended()
        told = Greatest("message__sent_at", "message__edited_at")
        lately = Q(told_at__gte=F("found_at") - OLD) | Q(message__conversation__due_at__isnull=False)
        still = Q(message__conversation__closed_at=None) | Q(told_at__gt=F("message__conversation__closed_at"))
        news = Q(added_by__isnull=False) | lately & still
        return dangerous.annotate(told_at=told).filter(news, message__historic=False, message__direction="in")

    def of_family(self, *families: Family) -> Self:
        return self.filter(family__in=families)


class Finding(models.Model):
    """What triage saw in one version of a message: a type, and where in the text. Positions alone: no words are kept here.

    A machine only adds; a person adds what it missed, and removes, with a reason: what was removed does not come back until the
    text changes.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="findings")
    text_digest = models.CharField(max_length=32, blank=True)  # of the version it was found in; "": those words are gone
    family = models.CharField(max_length=20)  # a triage.findings.Family
    type = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    confidence = models.CharField(max_length=10, default=Confidence.MEDIUM)
    rule = models.CharField(max_length=80)
    cues = models.JSONField(default=list)  # [[kind, start, end], …]
    urgency = models.PositiveSmallIntegerField(choices=Rank, default=Rank.NONE)  # what it asks for by itself
    serious = models.BooleanField(default=False)
    special = models.CharField(max_length=40, blank=True)
    triage_version = models.CharField(max_length=60)  # the number of the rules, then what was learned
    found_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # a later reading says the same, or more

    crisis = models.ForeignKey(
        "inbox.Crisis", models.SET_NULL, null=True, related_name="findings"
    )  # that it opened, or is part of

    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)  # None: a rule saw it
    note = models.CharField(max_length=300, blank=True, db_default="")  # of who added it

    passed_over = models.BooleanField(default=False, db_default=False)  # looked at while it was fresh, and asked for no crisis

    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    removal = models.CharField(max_length=20, choices=Removal, blank=True)
    removal_note = models.CharField(max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["start", "-end", "pk"]
        constraints = [
            models.UniqueConstraint(
                "message",
                "text_digest",
                "type",
                "start",
                "end",
                "rule",
                "urgency",
                "serious",
                "special",
                condition=~Q(text_digest=""),
                name="finding_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, removal="")
                | Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removal=""),
                name="finding_removed_by_a_person_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(rule=PERSON) & Q(added_by=None) | Q(rule=PERSON, added_by__isnull=False),
                name="finding_added_by_name",
            ),
        ]
        indexes = [
            models.Index("organization", "found_at", name="finding_by_month"),
            # The sweep reads what no crisis has yet: nothing, as a rule.
            models.Index(
                "found_at",
                name="finding_unattended",
                condition=Q(family="crisis", urgency=Rank.CRISIS, crisis=None, passed_over=False),
            ),
            models.Index("organization", "removed_at", "id", name="finding_removed", condition=Q(removed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.start}–{self.end}"

    @property
    def stands(self) -> bool:
        return self.removed_at is None and self.replaced_at is None

    @property
    def by_person(self) -> bool:
        return self.added_by_id is not None

    @property
    def about_all(self) -> bool:
        """A person says it of the message, and of no words in it."""
        return self.by_person and not self.cues

    @property
    def rules_number(self) -> str:
        return self.triage_version.partition("-")[0]

    def moved(self, text_digest: str, start: int, end: int) -> "Finding":
        """The same said by a person of another version; not yet written."""
        same = ("organization_id", "family", "type", "confidence", "rule", "urgency", "added_by_id", "note", "found_at")
        said = {name: getattr(self, name) for name in same}
        return Finding(message=self.message, text_digest=text_digest, start=start, end=end, cues=[["", start, end]], **said)

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


class Screening(models.Model):
    """What was stored, read again by other rules: one row a version of these, that goes on where it was interrupted."""

    version = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    messages = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    added = models.JSONField(default=dict)  # how many findings, by rule
    gone = models.JSONField(default=dict)  # found before, and no more; they stand until a person removes them

    class Meta:
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return self.version
