import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from cryptography.fernet import InvalidToken
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import sealing
from accounts.models import Organization
from inbox.models.messages import Message


class WordsUnreadable(Exception):
    """No key that is here opens them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One version of the words."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """What is sealed: every version, the one that could be read last at the end."""

    versions: list[Said]
    author: str = ""  # as the platform showed it
    permalink: str = ""


class KeptWords(models.Model):
    """What a message said when its words were erased, where it told of harm or danger: a record of its case or crisis alone.

    One row each time that words of it were erased. When it was written and received stands on the message.
    """

    class Why(models.TextChoices):
        AUTHOR = "author", _("deleted by its author")
        PAGE = "page", _("deleted by us on the platform")
        TIME = "time", _("erased, as the platform lets nobody keep it longer")
        FORGOTTEN = "forgotten", _("erased, as its author asked to be forgotten")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="kept")
    sealed = models.BinaryField()
    language = models.CharField(max_length=5, blank=True)
    attachments = models.JSONField(default=dict, blank=True)  # how many of each type: nothing else of them was stored
    why = models.CharField(max_length=10, choices=Why)
    erased_at = models.DateTimeField()
    unnamed_at = models.DateTimeField(null=True)  # when who wrote it was forgotten

    class Meta:
        verbose_name_plural = "kept words"
        ordering = ["erased_at", "pk"]

    def __str__(self) -> str:
        return self.why

    @classmethod
    def in_words(cls, name: str) -> str:
        """As the trail names it."""
        return str(dict(cls.Why.choices).get(name, name))

    @property
    def content(self) -> Content:
        """Raises WordsUnreadable."""
        try:
            held = json.loads(sealing.keys().decrypt(bytes(self.sealed)))
        except InvalidToken as error:
            raise WordsUnreadable(f"message {self.message_id}") from error
        versions = [Said(each["text"], datetime.fromisoformat(each["at"])) for each in held["versions"]]
        return Content(versions, held["author"], held["permalink"])

    @content.setter
    def content(self, value: Content) -> None:
        self.sealed = sealing.keys().encrypt(json.dumps(asdict(value), default=datetime.isoformat).encode())

    @property
    def is_unreadable(self) -> bool:
        try:
            return not self.content
        except WordsUnreadable:
            return True

    @property
    def texts(self) -> list[str]:
        return [] if self.is_unreadable else [each.text for each in self.content.versions]

    def reseal(self) -> None:
        """With the first key, and save. Raises InvalidToken when none opens it; nothing is saved then."""
        self.sealed = sealing.keys().rotate(bytes(self.sealed))
        self.save(update_fields=["sealed"])

    @classmethod
    def of(cls, message: Message, content: Content, *, why: str, erased_at: datetime) -> Self:
        row = cls(message=message, language=message.language, why=why, erased_at=erased_at)
        row.organization_id, row.content = message.conversation.organization_id, content
        return row
