"""The form of a location's single days: one line for each that is known, and one for another."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.locations import days, hours
from accounts.locations.days import Day
from accounts.models import Location, SpecialDay

Opens = SpecialDay.Opens


class DaysForm(forms.Form):
    new_date = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    new_opens = forms.ChoiceField(
        label=_("Opening"), required=False, choices=[(opens.value, opens.label) for opens in (Opens.CLOSED, Opens.OTHER_HOURS)]
    )
    new_hours = forms.CharField(label=_("Hours"), required=False, max_length=100)
    new_reason = forms.CharField(label=_("Reason, for staff"), required=False, max_length=120)

    def __init__(self, data: QueryDict | None = None, *, place: Location, today: date) -> None:
        sent = data.copy() if data is not None else None
        super().__init__(sent)
        self.days = days.unlike_their_week(place, today, also=set(self._sent()))
        self.overtaken: set[date] = set()  # changed here, and by somebody else since the page was drawn
        self.last = days.last_of_the_year(today)
        self.today = today
        self.fields["new_date"].widget.attrs |= {"min": f"{today}", "max": f"{self.last}"}
        for day in self.days:
            self._offer(day)
            if sent is not None:
                self._catch_up(day, sent)

    def _sent(self) -> Iterator[date]:
        """The days of the page that was sent: what was said of one may have been taken back since."""
        for name in self.data:
            if name.startswith("opens_"):
                with suppress(ValueError):
                    yield date.fromisoformat(name.removeprefix("opens_"))

    def _offer(self, day: Day) -> None:
        opens, hours_of = _names(day)
        asks = _asks(day)
        held = day.said.opens if day.said else ""
        choices = [choice for choice in Opens.choices if asks or choice[0] != Opens.AS_USUAL or held == Opens.AS_USUAL]
        self.fields[opens] = forms.ChoiceField(
            label=_("Opening"),
            required=False,
            choices=[("", _nothing(day)), *choices],
            initial=held,
            show_hidden_initial=True,
            widget=forms.Select({"aria-label": _("Opening on %(day)s") % {"day": day.date}}),
        )
        self.fields[hours_of] = forms.CharField(
            label=_("Hours"),
            required=False,
            max_length=100,
            initial=hours.write_day(day.said.hours) if day.said else "",
            show_hidden_initial=True,
            widget=forms.TextInput({"aria-label": _("Hours of %(day)s") % {"day": day.date}, "placeholder": _("Hours")}),
        )

    def _catch_up(self, day: Day, sent: QueryDict) -> None:
        """What was left as the page showed it follows what others have said since; what was changed too is asked again."""
        names = _names(day)
        stands = [self.fields[name].initial for name in names]
        shown = [sent.get(self.add_initial_prefix(name), "") for name in names]
        wanted = [sent.get(name, "") for name in names]
        if shown == stands:
            return
        follows = wanted in (shown, stands)
        for name, said in zip(names, stands, strict=True):
            sent[self.add_initial_prefix(name)] = said
            if follows:
                sent[name] = said
        if not follows:
            self.overtaken.add(day.date)

    def rows(self) -> list[tuple[Day, BoundField, BoundField]]:
        return [(day, self[opens], self[hours_of]) for day in self.days for opens, hours_of in [_names(day)]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        changed = [day for day in self.days if not {*_names(day)}.isdisjoint(self.changed_data)]
        said = {}
        for day in changed:
            if day.date in self.overtaken:
                self._ask_again(day)
            else:
                said[day.date] = self._read(cleaned, str(day.date), day.said.reason if day.said else "")
        if new := self._new_date(cleaned):
            said[new] = self._read(cleaned, "", cleaned.get("new_reason", ""))
        return cleaned | {"said": said}

    def _ask_again(self, day: Day) -> None:
        stands = f"{day.said.get_opens_display()} {hours.write_day(day.said.hours)}".strip() if day.said else _nothing(day)
        words = _("This day was changed since you opened the page: %(said)s. Save again to have your choice instead.")
        self.add_error(_names(day)[0], words % {"said": stands})

    def _new_date(self, cleaned: dict[str, Any]) -> date | None:
        new = cleaned.get("new_date")
        if new is None and any(cleaned.get(f"new_{name}") for name in ("hours", "reason")) and not self.errors:
            self.add_error("new_date", _("Choose a day."))
        if new in {day.date for day in self.days}:
            self.add_error("new_date", _("This day stands above."))
        elif new and not self.today <= new <= self.last:
            self.add_error("new_date", _("Choose a day within the next twelve months."))
        return new

    def _read(self, cleaned: dict[str, Any], day: str, reason: str) -> SpecialDay | None:
        opens, hours_of = (f"opens_{day}", f"hours_{day}") if day else ("new_opens", "new_hours")
        chosen, typed = cleaned.get(opens), cleaned.get(hours_of, "")
        if chosen == Opens.OTHER_HOURS:
            return SpecialDay(opens=chosen, hours=self._spans(hours_of, typed), reason=reason)
        if typed and typed != (self[hours_of].initial or ""):
            self.add_error(hours_of, _("Choose “Other hours”, or leave this empty."))
        return SpecialDay(opens=chosen, hours=[], reason=reason) if chosen else None

    def _spans(self, field: str, typed: str) -> list[list[str]]:
        try:
            spans = hours.read_day(typed)
        except ValueError as error:
            self.add_error(field, str(error))
            return []
        if not spans:
            self.add_error(field, _("Write hours such as 09:00 to 21:00."))
        return spans


def _names(day: Day) -> tuple[str, str]:
    return f"opens_{day.date}", f"hours_{day.date}"


def _asks(day: Day) -> bool:
    """Else it is like its week as long as nobody says otherwise."""
    return bool(day.holiday and day.usual)


def _nothing(day: Day) -> str | Promise:
    """What it is as long as nobody says anything."""
    return _("Not confirmed") if _asks(day) else _("As its week")
