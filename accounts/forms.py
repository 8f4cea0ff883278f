from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import zones
from accounts.access import Role
from accounts.locations import hours
from accounts.models import Location, Membership, Organization, User
from accounts.team import duty

DAY_NAMES = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}


class TermsForm(forms.Form):
    """What a member may do, and where."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    all_locations = forms.BooleanField(
        label=_("All locations"), required=False, help_text=_("Today’s and those that come later.")
    )
    locations = forms.ModelMultipleChoiceField(
        Location.objects.none(),
        label=_("Locations"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one, unless all locations are chosen."),
        error_messages={"required": _("Choose at least one location, or all of them.")},
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["locations"].queryset = Location.objects.filter(organization=organization)  # type: ignore[attr-defined]
        self.fields["locations"].required = not (self.is_bound and self["all_locations"].data)


class InviteForm(TermsForm):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=120)
    field_order = ["email", "name", "role", "all_locations", "locations"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Membership.objects.active().filter(organization=self.organization, user__email__iexact=email).exists():
            raise ValidationError(_("This person is already a member."))
        return email


class JoinForm(forms.Form):
    """A new person's name and password."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few unrelated words are easy to remember."),
    )
    again = forms.CharField(
        label=_("Password, once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OrganizationForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language of mails"), choices=[("fr", _("French")), ("en", _("English"))])

    class Meta:
        model = Organization
        fields = ["name", "kind", "language"]


class LocationForm(forms.ModelForm):
    """A location with its week, one line a day, so that it needs no script."""

    time_zone = forms.ChoiceField(label=_("Time zone"))
    booking_url = forms.URLField(label=_("Booking link"), required=False, max_length=200, assume_scheme="https")
    hours_url = forms.URLField(label=_("Link to the opening hours"), required=False, max_length=200, assume_scheme="https")
    private_url = forms.URLField(label=_("Link to write in private"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Location
        fields = [
            "name",
            "short_name",
            "time_zone",
            "phone",
            "address",
            "province",
            "booking_url",
            "hours_url",
            "private_url",
            "signature",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict.fromkeys((*zones.NAMES, self.instance.time_zone))
        self.fields["time_zone"].choices = [(zone, _named(zone)) for zone in known]  # type: ignore[attr-defined]
        for day, label in DAY_NAMES.items():
            written = hours.write_day(self.instance.opening_hours.get(day))
            self.fields[f"hours_{day}"] = forms.CharField(label=label, required=False, max_length=100, initial=written)

    def days(self) -> list[BoundField]:
        return [self[f"hours_{day}"] for day in DAY_NAMES]

    def places(self) -> list[BoundField]:
        return [self[name] for name in self._meta.fields or ()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        week = {}
        for day in DAY_NAMES:
            try:
                week[day] = hours.read_day(cleaned.get(f"hours_{day}", ""))
            except ValueError as error:
                self.add_error(f"hours_{day}", str(error))
        self.instance.opening_hours = {day: intervals for day, intervals in week.items() if intervals}
        return cleaned


def _named(zone: str) -> str:
    """“Atlantic time (Moncton)”."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{capfirst(zones.in_words(zone))} ({city})" if zone in zones.NAMES else zones.in_words(zone)


class DutyForm(forms.Form):
    """The pharmacists on duty at one location."""

    members = forms.ModelMultipleChoiceField(
        Membership.objects.none(), label=_("Pharmacists on duty"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, place: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = duty.pharmacists(place)  # type: ignore[attr-defined]
        self.initial["members"] = list(place.duties.values_list("membership", flat=True))


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "phone", "language", "shortcuts", "theme"]
        widgets = {"phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})}
        help_texts = {
            "phone": _("Shown to your colleagues while somebody may be in danger, so that they can call you."),
            "shortcuts": _("Letters such as j, k or r act on the inbox."),
        }


class TrailForm(forms.Form):
    """What to look for in the audit trail."""

    action = forms.ChoiceField(label=_("Action"), required=False)
    person = forms.ModelChoiceField(Membership.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody"))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, organization: Organization, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("All")), *actions]  # type: ignore[attr-defined]
        people = Membership.objects.filter(organization=organization).select_related("user")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
