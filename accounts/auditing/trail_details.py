"""What an entry of the audit trail says of a change, line by line, in the reader's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import DAY_NAMES
from accounts.locations import hours
from accounts.models import AuditEntry

NOTHING = "—"
KINDS = ("type", "types")  # where the subject is called by its kind
# Where the field of the model has no name for people, or there is no such field.
NAMES: dict[str, str | Promise] = {
    **DAY_NAMES,
    "state": gettext_lazy("State"),
    "type": gettext_lazy("Kind"),
    "types": gettext_lazy("Kind"),
    "number": gettext_lazy("Version"),
    "version": gettext_lazy("Version"),
    "text": gettext_lazy("Text"),
    "reason": gettext_lazy("Reason"),
    "outcome": gettext_lazy("Outcome"),
    "due": gettext_lazy("Due"),
    "wait": gettext_lazy("Wait"),
    "signed_by": gettext_lazy("Signed off by"),
    "signed_at": gettext_lazy("Signed off"),
    "sent_at": gettext_lazy("Sent"),
    "was_sent": gettext_lazy("It was sent"),
    "external_id": gettext_lazy("Identifier on the platform"),
    "page_id": gettext_lazy("Identifier on the platform"),
    "platform": gettext_lazy("Platform"),
    "deliveries": gettext_lazy("Deliveries"),
    "warnings": gettext_lazy("Warnings passed over"),
    "target_seconds": gettext_lazy("Time to answer"),
    "warn_seconds": gettext_lazy("Warnings before it is due"),
}
# Choices that stand under another name, or in another model, than the entry's subject.
CHOICES = {
    "outcome": ("inbox.conversation", "close_outcome"),
    "reason": ("inbox.conversation", "close_outcome"),
    "platform": ("inbox.channel", "platform"),
}


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    before: str
    after: str
    changes: bool  # or only told


def lines(entry: AuditEntry) -> list[Line]:
    return list(_lines(entry.subject_type, entry.detail))


def subject(entry: AuditEntry) -> str:
    """What it was called at that time; a kind of thing that has no name but a code is said in words."""
    return _in_words(entry.subject_type, entry.subject)


def _in_words(subject: str, name: str) -> str:
    said = getattr(apps.all_models[subject.partition(".")[0]].get(subject.partition(".")[2]), "in_words", None)
    return str(said(name)) if said else name


def _lines(subject: str, detail: dict[str, Any]) -> Iterator[Line]:
    before, after = detail.get("before"), detail.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        was, now = (side if isinstance(side, dict) else {} for side in (before, after))
        for key in dict.fromkeys([*was, *now]):
            if was.get(key) != now.get(key):
                yield Line(_name(subject, key), _value(subject, key, was.get(key)), _value(subject, key, now.get(key)), bool(was))
    elif "before" in detail or "after" in detail:
        yield Line("", _value(subject, "", before), _value(subject, "", after), True)
    for key, value in detail.items():
        if key not in {"before", "after"} and value not in (None, "", [], {}):
            yield Line(_name(subject, key), "", _value(subject, key, value), False)


def _name(subject: str, key: str) -> str:
    if key in NAMES:
        return str(NAMES[key])
    field = _field(subject, key)
    known = field is not None and isinstance(field.verbose_name, Promise)  # else it is only the name in the code
    return capfirst(str(field.verbose_name)) if field and known else capfirst(key.replace("_", " "))


def _value(subject: str, key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "locations" and value == "all":
        return _("All locations")
    if key in DAY_NAMES:
        return hours.write_day(value)
    if isinstance(value, dict):
        return "; ".join(f"{_name(subject, inner)} {_value(subject, inner, held)}" for inner, held in value.items())
    if isinstance(value, list):
        return ", ".join(_value(subject, key, item) for item in value)
    if isinstance(value, str) and key in KINDS:
        return _in_words(subject, value)
    if isinstance(value, int) and key.endswith("_seconds"):
        length = value // 3600 if value % 3600 == 0 else round(value / 3600, 2)
        return _("%(hours)s h") % {"hours": number_format(length)}
    return _choice(subject, key, value) or _moment(value) or str(value)


def _choice(subject: str, key: str, value: Any) -> str:
    field = _field(subject, key) if key not in CHOICES else _field(*CHOICES[key])
    base = getattr(field, "base_field", field)  # of an array
    return str(dict(getattr(base, "flatchoices", None) or ()).get(value, ""))


def _moment(value: Any) -> str:
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:  # looks like one, on a day that does not exist
        return ""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at and timezone.is_aware(at) else ""


def _field(subject: str, key: str) -> Field | None:
    try:
        field = apps.get_model(subject)._meta.get_field(key)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return field if isinstance(field, Field) else None
