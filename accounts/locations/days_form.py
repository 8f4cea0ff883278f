"""The form of a location's single days: one line for each that is known, and one for another."""

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
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

    def __init__(self, *args: Any, place: Location, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days.unlike_their_week(place, today)
        self.last = days.last_of_the_year(today)
        self.today = today
        self.fields["new_date"].widget.attrs |= {"min": f"{today}", "max": f"{self.last}"}
        for day in self.days:
            self._offer(day)

    def _offer(self, day: Day) -> None:
        asks = bool(day.holiday and day.usual)  # else it is like its week as long as nobody says otherwise
        nothing = ("", _("Not confirmed") if asks else _("As its week"))
        choices = [choice for choice in Opens.choices if asks or choice[0] != Opens.AS_USUAL]
        self.fields[f"opens_{day.date}"] = forms.ChoiceField(
            label=_("Opening"),
            required=False,
            choices=[nothing, *choices],
            initial=day.said.opens if day.said else "",
            widget=forms.Select({"aria-label": _("Opening on %(day)s") % {"day": day.date}}),
        )
        self.fields[f"hours_{day.date}"] = forms.CharField(
            label=_("Hours"),
            required=False,
            max_length=100,
            initial=hours.write_day(day.said.hours) if day.said else "",
            widget=forms.TextInput({"aria-label": _("Hours of %(day)s") % {"day": day.date}, "placeholder": _("Hours")}),
        )

    def rows(self) -> list[tuple[Day, BoundField, BoundField]]:
        return [(day, self[f"opens_{day.date}"], self[f"hours_{day.date}"]) for day in self.days]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = {day.date: self._read(cleaned, str(day.date), day.said.reason if day.said else "") for day in self.days}
        if new := self._new_date(cleaned):
            said[new] = self._read(cleaned, "", cleaned.get("new_reason", ""))
        return cleaned | {"said": said}

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
        if typed != (self[hours_of].initial or ""):
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
