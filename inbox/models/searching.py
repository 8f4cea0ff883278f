from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Location, Organization
from inbox.models.messages import Message


class SearchEntry(models.Model):
    """What search knows of one message: the stems of its words and of its author's name, and where it stands.

    Triggers of the database keep it (migration 0039), so that it follows whoever writes, edits or erases words.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="+")
    # The conversation's, once more: no constraint and no index of their own, as the one on the message says it all.
    organization = models.ForeignKey(Organization, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    location = models.ForeignKey(Location, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    at = models.DateTimeField()  # of the message: when it was sent
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            models.Index("organization", models.F("at").desc(), models.F("message").desc(), name="search_newest"),
            # What is not sorted in yet is read by every search: a little of it costs nothing.
            GinIndex("words", name="search_words", gin_pending_list_limit=512),
        ]

    def __str__(self) -> str:
        return str(self.message_id)
