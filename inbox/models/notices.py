from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models.channels import Channel
from inbox.models.conversations import Conversation
from inbox.models.safety.cases import SafetyCase


class Notice(models.Model):
    """Something one member should know, of a conversation, a safety case, a page, approved words or Comptoir itself.

    Told in the app, and by mail if urgent.
    """

    class Kind(models.TextChoices):
        NEAR = "near", _("An answer is due soon")
        URGENT = "urgent", _("An answer is due very soon")
        LATE = "late", _("An answer is late")
        CRISIS = "crisis", _("Somebody may be in danger")
        CRISIS_LATE = "crisis_late", _("Somebody may be in danger, and nobody has taken it on in 15 minutes")
        RESERVED = "reserved", _("For a manager alone to answer: the media, or a legal threat")
        PRIVACY = "privacy", _("For the privacy officer: a request, or an incident")
        ADVERTISING = "advertising", _("For compliance: a complaint about an advertisement")
        CASE = "case", _("A new safety case")
        FORWARD_NEAR = "forward_near", _("A safety case is to be passed on: half of the time is over")
        FORWARD_URGENT = "forward_urgent", _("A safety case is to be passed on very soon")
        FORWARD_LATE = "forward_late", _("A safety case was not passed on in time")
        REPORT_NEAR = "report_near", _("A safety case is to be reported: half of the time is over")
        REPORT_URGENT = "report_urgent", _("A safety case is to be reported very soon")
        REPORT_LATE = "report_late", _("A safety case was not reported in time")
        UNACKNOWLEDGED = "unacknowledged", _("A safety case was passed on, and nobody has given it a number")
        ASSIGNED = "assigned", _("A conversation was given to you")
        SEND_FAILED = "send_failed", _("A reply was not sent")
        SEND_UNCERTAIN = "send_uncertain", _("A reply may not have been sent")
        TOKEN_DEAD = "token_dead", _("The platform no longer accepts the access token of a page")
        PERMISSION = "permission", _("A page lacks a permission")
        OUTDATED = "outdated", _("The platform of a page no longer speaks our version of its interface")
        BLOCKED = "blocked", _("The platform has blocked a page")
        MESSAGES_FORBIDDEN = "messages_forbidden", _("The platform forbids a page private messages")
        WARNED = "warned", _("The platform warns a page for its private messages")
        UNSUBSCRIBED = "unsubscribed", _("A page receives nothing any more")
        RESUBSCRIBED = "resubscribed", _("A page had stopped receiving, and receives again")
        SILENT = "silent", _("Nothing is heard of a page, which is unusual")
        UNREACHABLE = "unreachable", _("The platform of a page cannot be asked")
        ENDS_SOON = "ends_soon", _("The access to a page ends soon")
        WORDS_EXPIRING = "words_expiring", _("An approved template expires soon")
        WORDS_SUBMITTED = "words_submitted", _("A template waits for your decision")
        WORDS_APPROVED = "words_approved", _("Your template is approved")
        WORDS_CHANGES = "words_changes", _("Changes are asked for in your template")
        WORDS_WITHDRAWN = "words_withdrawn", _("Your template was withdrawn: it may no longer be sent")
        CLOCK_STILL = "clock_still", _("The clock of Comptoir stands still")
        SENDER_STILL = "sender_still", _("No reply leaves Comptoir")
        WORKER_STILL = "worker_still", _("Nothing is taken into Comptoir")

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="notices")
    case = models.ForeignKey(SafetyCase, models.CASCADE, null=True, related_name="notices")  # in that conversation
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="notices")
    # Of what a layer above this one keeps, in the reader's language: where it is read, what it is called, what there is to say.
    address = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    words = models.TextField(blank=True)
    key = models.CharField(max_length=80)  # what it is about, so that it is told once
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)  # when to send it by mail as well; None: not (any more)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint("membership", "key", name="told_once"),
            models.CheckConstraint(
                name="not_of_a_conversation_and_a_page", condition=Q(conversation__isnull=True) | Q(channel__isnull=True)
            ),
            models.CheckConstraint(
                name="of_a_case_in_its_conversation", condition=Q(case__isnull=True) | Q(conversation__isnull=False)
            ),
            models.CheckConstraint(
                name="of_an_address_alone", condition=Q(address="") | Q(conversation__isnull=True, channel__isnull=True)
            ),
        ]
        indexes = [
            models.Index("membership", models.F("created_at").desc(), name="notice_unread", condition=Q(read_at=None)),
            models.Index("membership", "created_at", name="notice_of_expiry", condition=Q(read_at=None, kind="words_expiring")),
            models.Index("address", name="notice_elsewhere", condition=~Q(address="")),
            models.Index("mail_at", name="notice_to_mail", condition=Q(mail_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def of_danger(self) -> bool:
        return self.kind in {self.Kind.CRISIS, self.Kind.CRISIS_LATE}

    @property
    def of_expiry(self) -> bool:
        return self.kind == self.Kind.WORDS_EXPIRING

    @property
    def of_nearness(self) -> bool:
        return self.kind.endswith(("near", "urgent"))

    @property
    def of_lateness(self) -> bool:
        return self.kind.endswith("late") and not self.of_danger

    @property
    def about(self) -> Conversation | SafetyCase | Channel | str | None:
        """An address: of what is kept elsewhere. None: Comptoir itself."""
        return self.case or self.conversation or self.channel or self.address or None
