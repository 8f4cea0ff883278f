from django.db import models
from django.utils.translation import gettext_lazy as _


class ErasureRequest(models.Model):
    """A person took their consent back, or wants to be forgotten, says a platform. The code shows them what became of it."""

    class Kind(models.TextChoices):
        DEAUTHORIZED = "deauthorized", _("consent taken back")
        DELETION = "deletion", _("deletion")

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    digest = models.BinaryField(max_length=32, unique=True)  # of the request: told twice, it is one
    user_id = models.CharField(max_length=200, blank=True)  # the platform's id of the person; gone once it is done
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    erased = models.JSONField(default=dict)  # what of each kind, in numbers

    class Meta:
        indexes = [models.Index("received_at", name="erasure_to_do", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return self.code
