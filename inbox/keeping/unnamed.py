"""The names of people in what we wrote ourselves: they go with the person, and the words around them stay.

What was said must stay provable, so a name is not smoothed over: a mark stands where it stood.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from inbox.models import Contact, Conversation, Finding, Message, MessageAction, MessageVersion, Note
from inbox.triage.writer.first_name import first_name

MARK = "[…]"
SHORTEST = 2  # letters: what is shorter stands in everything


class Keeper(Protocol):
    """Who keeps words to people elsewhere, in a layer above this one."""

    def needs(self, conversations: QuerySet[Conversation], *, now: datetime) -> bool:
        """Whether something is on its way that must leave, or be found again, word for word."""

    def filled_in(self, conversations: QuerySet[Conversation]) -> set[str]:
        """The names with which people were greeted there, whatever the platform says."""

    def take_out(self, conversations: QuerySet[Conversation], names: set[str], *, forgotten: bool) -> None:
        """Take the names out of what it keeps. forgotten: nobody writes to this person any more."""


KEEPERS: list[Keeper] = []  # filled as the applications start


def is_needed(contact: Contact, *, now: datetime) -> bool:
    """Whether the name has to stay for now. Nobody composes meanwhile: the conversations are locked until the end."""
    mine = Conversation.objects.filter(contact=contact)
    list(mine.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    return any(keeper.needs(mine, now=now) for keeper in KEEPERS)


def take_out(contact: Contact, *, forgotten: bool, now: datetime) -> set[str]:
    """The name of a person out of all that we wrote to them or about them; return what was looked for."""
    mine = Conversation.objects.filter(contact=contact)
    names = names_of(contact).union(*(keeper.filled_in(mine) for keeper in KEEPERS))
    for keeper in KEEPERS:
        keeper.take_out(mine, names, forgotten=forgotten)
    ours = Message.objects.filter(conversation__in=mine, direction=Message.Direction.OUT)
    changed = out_of(ours, "text", names)
    Message.objects.filter(pk__in=changed).update(purged_at=now)
    out_of(MessageVersion.objects.filter(message__in=ours), "text", names)
    out_of(MessageAction.objects.filter(conversation__in=mine), "text", names)
    out_of(MessageAction.objects.filter(conversation__in=mine), "reason", names)
    out_of(Finding.objects.filter(message__conversation__in=mine), "removal_note", names)
    out_of(Finding.objects.filter(message__conversation__in=mine), "note", names)
    out_of(Note.objects.filter(conversation__in=mine), "text", names)
    return names


def out_of(rows: QuerySet, column: str, names: set[str]) -> list[int]:
    """Take the names out of one column of these rows; return which had any."""
    changed = []
    for pk, text in rows.values_list("pk", column).order_by("pk"):
        if (left := without(text, names)) != text:
            rows.model._default_manager.filter(pk=pk).update(**{column: left})
            changed.append(pk)
    return changed


def without(text: str, names: Iterable[str]) -> str:
    """“Bonjour Julie, oui.” → “Bonjour […], oui.”"""
    found = pattern(names)
    return found.sub(MARK, text) if found else text


def pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """These names as whole words, the longest first; None where there are none."""
    known = {name.strip() for name in names}
    whole = sorted((re.escape(name) for name in known if len(name) >= SHORTEST), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)", re.IGNORECASE) if whole else None


def names_of(contact: Contact | None) -> set[str]:
    """As the platform shows it, as we greet them, and the rest of it where it is certainly a person's."""
    if contact is None:
        return set()
    derived = first_name(contact.name)
    rest = {word for word in re.findall(r"[\w'’-]+", contact.name) if len(word) > SHORTEST} if derived else set()
    return {contact.name, contact.first_name, derived} | rest
