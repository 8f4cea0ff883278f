"""What the pages of templates, misses and reports ask and take. The composer's forms are in composing/forms.py."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import platforms
from responses.measuring.reports import Period
from responses.models import MissReview, TemplateVersion
from responses.models.templates import WORDS
from responses.texts import topics

LONGEST = 366  # days
ANY = [("", _("All"))]


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TemplateForm(forms.ModelForm):
    """A draft is kept however unfinished it is; whether it is ready is asked when it is submitted."""

    platforms = forms.MultipleChoiceField(
        label=_("Platforms"),
        choices=platforms.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: every platform."),
    )

    class Meta:
        model = TemplateVersion
        fields = WORDS
        widgets = {
            "body_fr": forms.Textarea(attrs={"rows": 8, "lang": "fr", "spellcheck": "true"}),
            "body_en": forms.Textarea(attrs={"rows": 8, "lang": "en", "spellcheck": "true"}),
            "title_fr": forms.TextInput(attrs={"lang": "fr"}),
            "title_en": forms.TextInput(attrs={"lang": "en"}),
        }

    def __init__(self, *args: Any, organization: int, about: str = "", **kwargs: Any) -> None:
        """about: the topic that the words have already."""
        super().__init__(*args, **kwargs)
        for name in ("title_en", "body_fr", "body_en"):
            self.fields[name].required = False
        topic: Any = self.fields["topic"]
        topic.choices = [("", _("Choose a topic")), *topics.to_choose(organization, kept=about).items()]

    def _post_clean(self) -> None:
        """The library writes the version, not the form: nothing is put on an instance here."""


class DecisionForm(forms.Form):
    expires_on = forms.DateField(label=_("May be used until"), widget=date_input(), required=False, localize=False)
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you ask for changes."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class WithdrawForm(forms.Form):
    comment = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class TemplateFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    platform = forms.ChoiceField(label=_("Platform"), choices=lambda: [*ANY, *platforms.choices()], required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("My language")), ("fr", _("French")), ("en", _("English"))], required=False
    )
    state = forms.ChoiceField(choices=[("", ""), *TemplateVersion.State.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, topics: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [*ANY, *topics.items()]  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """The last so many days, or from one day to another."""

    PRESETS = (7, 30, 90)

    days = forms.TypedChoiceField(choices=[(str(n), "") for n in PRESETS], coerce=int, required=False, empty_value=None)
    first = forms.DateField(label=_("From"), widget=date_input(), required=False)
    last = forms.DateField(label=_("To"), widget=date_input(), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("first", "last"):
            if found.get(name) and not 2000 <= found[name].year < 2100:
                self.add_error(name, gettext("Give a year from 2000 to 2099."))
        first, last = found.get("first"), found.get("last")
        if bool(first) != bool(last) and not self.errors:
            self.add_error("last" if first else "first", gettext("Give both days."))
        if first and last and last < first:
            self.add_error("last", gettext("The last day is before the first."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", gettext("A year at most."))
        return found

    def period(self, today: date, preset: int = 30) -> Period:
        """What was asked for; the preset where nothing was, or nothing that makes sense."""
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("first") and asked.get("last"):
            return Period(asked["first"], asked["last"])
        return Period.last_days(asked.get("days") or preset, today)


class MissFilter(PeriodForm):
    location = forms.ModelChoiceField(
        Location.objects.none(), label=_("Location"), required=False, empty_label=_("All locations")
    )
    review = forms.ChoiceField(
        label=_("Review"), choices=[*ANY, ("unsigned", _("Not signed off")), ("signed", _("Signed off"))], required=False
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = membership.visible_locations()  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Not known yet")), *MissReview.Cause.choices], required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened, and what is done so that it does not happen again. No health information."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReopenForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
