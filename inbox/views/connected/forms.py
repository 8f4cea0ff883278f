from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import platforms
from inbox.channels import variables
from inbox.models import Channel
from inbox.platforms import addresses
from inbox.platforms.base import Connector, Field

HOURS = 3600


class ChooseForm(forms.Form):
    """What is to be connected, and to which location."""

    platform = forms.ChoiceField(label=_("Platform"), choices=platforms.choices)
    location = forms.ModelChoiceField(label=_("Location"), queryset=Location.objects.none(), empty_label=_("Choose a location"))

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["location"]
        if isinstance(places, forms.ModelChoiceField):
            places.queryset = membership.visible_locations()


class ConnectForm(forms.Form):
    """What one platform asks: its `Connector` says. Of a channel that is known only what may have changed."""

    def __init__(self, *args: Any, connector: Connector, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connector = connector
        asked = [*connector.fields, connector.proven_by]
        if channel is None:
            asked = [connector.identified_by, *connector.fields, connector.proven_by, NAME]
        self.fields |= {each.name: _made(each) for each in asked if each}

    def clean_external_id(self) -> str:
        return self.connector.identifier(self.cleaned_data["external_id"])

    @property
    def settings(self) -> dict[str, str]:
        return {each.name: self.cleaned_data[each.name] for each in self.connector.fields}


class SiteField(forms.URLField):
    """The address of a website that we shall call: a public one, over TLS."""

    default_error_messages = {
        "private": _("This address is not one of the public Internet."),
        "nowhere": _("No site is found at this address."),
        "https": _("The address must begin with https://"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        url = super().clean(value).rstrip("/")
        if url and (problem := _problem(url)):
            raise forms.ValidationError(self.error_messages[problem], code=problem)
        return url


def _problem(url: str) -> str:
    allowed = variables()["PRIVATE_ORIGINS"]
    try:
        addresses.check(url, allowed=allowed)
        plain = not url.startswith("https://") and not addresses.is_one_of(url, allowed)
    except addresses.Nowhere:
        return "nowhere"
    except addresses.NotPublic:
        return "private"
    return "https" if plain else ""


NAME = Field("name", _("Name"), _("Left empty, the platform’s own name is used."), required=False)


def _made(asked: Field) -> forms.Field:
    told: dict[str, Any] = {"label": asked.label, "help_text": asked.help, "required": asked.required}
    if asked.choices:
        return forms.ChoiceField(choices=asked.choices, **told)
    if asked.kind == "site":
        return SiteField(**told)
    if asked.kind == "secret":
        return forms.CharField(max_length=2000, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), **told)
    return forms.CharField(max_length=200, **told)


class PolicyForm(forms.Form):
    target_hours = forms.IntegerField(
        label=_("Answer within (hours)"),
        min_value=1,
        max_value=24,
        help_text=_("The promise to the public is 24 hours at most."),
    )
    first_warning = forms.IntegerField(label=_("First warning (hours before)"), min_value=1, max_value=23)
    second_warning = forms.IntegerField(label=_("Second warning (hours before)"), min_value=1, max_value=23)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        target, first, second = (data.get(name) for name in ("target_hours", "first_warning", "second_warning"))
        if target and first and first >= target:
            self.add_error("first_warning", _("A warning comes before the answer is due: fewer hours than the target."))
        if first and second and second >= first:
            self.add_error("second_warning", _("The second warning comes after the first: fewer hours."))
        return data
