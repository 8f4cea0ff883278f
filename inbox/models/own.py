"""What an organization adds to what triage knows: topics beside the closed list, and the names of its own products."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization

PREFIX = "own-"  # no topic of the closed list begins so, today or later: these are written with underscores
SLUG = 30  # letters, as many as the topic of a template holds
LONGEST = 40  # letters of a name, or of a word
TOPICS, WORDS, PRODUCTS = 40, 30, 200  # how many at most


class OwnTopicQuerySet(models.QuerySet["OwnTopic"]):
    def of(self, membership: Membership) -> Self:
        return self.filter(organization=membership.organization_id)

    def current(self) -> Self:
        return self.filter(withdrawn_at=None)


class OwnTopic(models.Model):
    """Messages and templates hold its slug: it is withdrawn, never deleted, and its slug never changes."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    slug = models.CharField(max_length=SLUG, editable=False)
    name_fr = models.CharField(_("name in French"), max_length=LONGEST, blank=True)
    name_en = models.CharField(_("name in English"), max_length=LONGEST, blank=True)
    words = ArrayField(models.CharField(max_length=LONGEST), verbose_name=_("words that tell of it"))
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = OwnTopicQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("organization", "slug", name="own_topic_once"),
            models.CheckConstraint(condition=~Q(name_fr="", name_en=""), name="own_topic_has_a_name"),
            models.CheckConstraint(condition=Q(slug__startswith=PREFIX), name="own_topic_is_not_of_the_list"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        mine, other = self.name_fr, self.name_en
        if (get_language() or "fr").startswith("en"):
            mine, other = other, mine
        return mine or other


class OwnProduct(models.Model):
    """A name under which the organization sells something: what happens after it was taken is an adverse event."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("organization", "name", name="own_product_once")]

    def __str__(self) -> str:
        return self.name
