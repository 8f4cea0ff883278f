from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import platforms
from inbox.models import Channel

HOURS = 3600


class ConnectForm(forms.Form):
    platform = forms.ChoiceField(label=_("Platform"), choices=platforms.choices)
    location = forms.ModelChoiceField(label=_("Location"), queryset=Location.objects.none(), empty_label=_("Choose a location"))
    external_id = forms.CharField(
        label=_("Identifier on the platform"),
        max_length=200,
        help_text=_("The page or account number; for LinkedIn, urn:li:organization:…"),
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("Left empty, the platform’s own name is used.")
    )
    token = forms.CharField(
        label=_("Access token"),
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, and never shown again."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["location"]
        if isinstance(places, forms.ModelChoiceField):
            places.queryset = membership.visible_locations()

    def clean_external_id(self) -> str:
        return str(self.cleaned_data["external_id"]).strip()


class TokenForm(forms.ModelForm):
    token = forms.CharField(label=_("Access token"), max_length=2000, widget=forms.PasswordInput(attrs={"autocomplete": "off"}))

    class Meta:
        model = Channel
        fields: list[str] = []


class PolicyForm(forms.Form):
    target_hours = forms.IntegerField(
        label=_("Answer within (hours)"),
        min_value=1,
        max_value=168,
        help_text=_("The promise to the public is 24 hours at most."),
    )
    first_warning = forms.IntegerField(label=_("First warning (hours before)"), min_value=1, max_value=167)
    second_warning = forms.IntegerField(label=_("Second warning (hours before)"), min_value=1, max_value=167)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        target, first, second = (data.get(name) for name in ("target_hours", "first_warning", "second_warning"))
        if target and first and first >= target:
            self.add_error("first_warning", _("A warning comes before the answer is due: fewer hours than the target."))
        if first and second and second >= first:
            self.add_error("second_warning", _("The second warning comes after the first: fewer hours."))
        return data
