import json
from datetime import datetime
from typing import Any, Self

from cryptography.fernet import InvalidToken
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import sealing
from accounts.models import Location, Membership, Organization
from inbox import platforms

# Classes of error that block a whole page until somebody acts; what else is written there is already in words.
PROBLEMS = {
    "token_dead": _("The platform no longer accepts the access token. Give the page a new one."),
    "outdated": _("The platform has retired the version of its interface that is set here. Set a newer one on the server."),
    "permission": _("The access token lacks a permission. Connect the page again and grant what is asked."),
    "policy_block": _("The platform has blocked this page from answering for now. Its own settings say why."),
    "account_locked": _("The platform has locked this account, or waits for a payment. Its own settings say why."),
}


class TokenUnreadable(Exception):
    """No key of TOKEN_KEYS opens this token: the channel must be connected again."""


def may_be_called(now: datetime, prefix: str = "") -> Q:
    """Connected, and its platform does not ask us to wait. prefix: where the channel stands, seen from another row."""
    free = Q(**{f"{prefix}throttled_until": None}) | Q(**{f"{prefix}throttled_until__lte": now})
    return free & Q(**{f"{prefix}disconnected_at": None})


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, membership: Membership) -> Self:
        mine = self.filter(organization=membership.organization_id)
        ids = membership.location_ids()
        return mine if ids is None else mine.filter(location__in=ids)

    def connected(self) -> Self:
        return self.filter(disconnected_at=None)


class Channel(models.Model):
    """One connected page or account on one platform, belonging to one location."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="channels")
    location = models.ForeignKey(Location, models.PROTECT, related_name="channels", verbose_name=_("location"))
    platform = models.CharField(_("platform"), max_length=20, choices=platforms.choices)
    external_id = models.CharField(_("identifier on the platform"), max_length=200)
    name = models.CharField(_("name"), max_length=200)
    sealed_token = models.BinaryField(editable=False, default=b"")
    sealed_refresh_token = models.BinaryField(editable=False, default=b"")  # a new token is asked for with it, where one is given
    connected_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)  # why sending is blocked, in the platform's class of error
    problem_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)

    # What this channel alone needs (a site's address, which login), and what the platform said of it last.
    settings = models.JSONField(default=dict, blank=True)
    grantor_id = models.CharField(max_length=200, blank=True)  # the platform's id of the person whose consent this stands on
    token_expires_at = models.DateTimeField(null=True, blank=True)
    access_expires_at = models.DateTimeField(null=True, blank=True)
    missing_permissions = models.JSONField(default=list, blank=True)
    subscribed = models.BooleanField(null=True)  # None: the platform does not tell
    subscribed_at = models.DateTimeField(null=True)  # when we last asked for its webhooks
    subscription_expires_at = models.DateTimeField(null=True)
    missing_fields = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)  # what else the platform holds against it, in its own words
    quota_used = models.PositiveSmallIntegerField(null=True)  # percent
    checked_at = models.DateTimeField(null=True)  # when the platform last answered that
    check_at = models.DateTimeField(null=True)  # when to ask next; None: as soon as may be
    check_failures = models.PositiveSmallIntegerField(default=0)  # in a row
    renewed_at = models.DateTimeField(null=True)  # when a new token was last asked for
    throttled_until = models.DateTimeField(null=True)  # as the platform asked: nothing is called before
    list_at = models.DateTimeField(null=True)  # when to compare with the platform's list next; None: as soon as may be
    listed_at = models.DateTimeField(null=True)  # when that was last done to the end
    list_failures = models.PositiveSmallIntegerField(default=0)  # since then
    list_problem = models.CharField(max_length=300, blank=True)  # why it could not be done last, in a class of error or in words

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["location__name", "platform", "name"]
        constraints = [models.UniqueConstraint("platform", "external_id", name="channel_connected_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channels:page", args=[self.pk])

    @property
    def problem_words(self) -> str:
        return str(PROBLEMS.get(self.problem, self.problem))

    @property
    def shares_secret(self) -> bool:
        """Whether its token is one that we made, for the other side to sign with."""
        return platforms.get(self.platform).proven_by is None

    @property
    def token(self) -> str:
        return self._opened(self.sealed_token)

    @token.setter
    def token(self, value: str) -> None:
        self.sealed_token = sealing.keys().encrypt(value.encode())

    @property
    def refresh_token(self) -> str:
        return self._opened(self.sealed_refresh_token) if self.sealed_refresh_token else ""

    @refresh_token.setter
    def refresh_token(self, value: str) -> None:
        self.sealed_refresh_token = sealing.keys().encrypt(value.encode()) if value else b""

    def reseal(self) -> None:
        """With the first key, and save. Raises InvalidToken when none opens it; nothing is saved then."""
        tokens = ("sealed_token", "sealed_refresh_token")
        for name in tokens:
            if sealed := bytes(getattr(self, name)):
                setattr(self, name, sealing.keys().rotate(sealed))
        self.save(update_fields=tokens)

    def _opened(self, sealed: bytes | memoryview) -> str:
        try:
            return sealing.keys().decrypt(bytes(sealed)).decode()
        except InvalidToken as error:
            raise TokenUnreadable(str(self)) from error


def seal(value: object) -> str:
    """Any plain data, so that only this installation can read it."""
    return sealing.keys().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str) -> Any:
    """Raises TokenUnreadable."""
    try:
        return json.loads(sealing.keys().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise TokenUnreadable("sealed with a key that is no longer here") from error
