from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models import CaseReport, Conversation, Finding, Message, Removal
from inbox.news import notices
from inbox.screening.by_people import adding
from inbox.screening.shown import words
from inbox.triage.findings import Family
from inbox.triage.topics.names import Topic

Outcome = Conversation.Outcome


class AssignForm(forms.Form):
    member = forms.ModelChoiceField(Membership.objects.none(), label=_("Assigned to"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["member"] = conversation.assignee_id
        who = notices.who_is_handed(conversation.location_id, conversation.organization_id)
        self.fields["member"].queryset = who.select_related("user")  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note to the team"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if conversation.due_at is not None:
            # Nobody can close what still waits as “answered”: only a reply answers.
            choices = [choice for choice in Outcome.choices if choice[0] != Outcome.ANSWERED]
            self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        else:
            self.initial["outcome"] = Outcome.ANSWERED


class ExcludeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not count?"), max_length=200, help_text=_("Kept with the wait and in the audit trail.")
    )


class RemovalForm(forms.Form):
    """Why something that triage saw in a message is not so."""

    reason = forms.ChoiceField(label=_("Why is it not so?"))
    note = forms.CharField(
        label=_("In a few words"),
        max_length=300,
        required=False,
        help_text=_("Kept for compliance. Do not repeat what the message says."),
    )

    def __init__(self, data: QueryDict | None = None, *, finding: Finding) -> None:
        super().__init__(data, auto_id=f"finding-{finding.pk}-%s")
        self.finding = finding
        self.fields["reason"].choices = [("", "—"), *_reasons(finding)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("reason") == Removal.OTHER and not said.get("note"):
            self.add_error("note", _("Say which reason."))
        return said


def _reasons(finding: Finding) -> list[tuple[str, Any]]:
    numbers = {Removal.NOT_PERSONAL, Removal.OTHER_MEANING, Removal.OTHER}
    if finding.family == Family.IDENTIFIER:
        return [(value, label) for value, label in Removal.choices if value in numbers]
    return [(value, label) for value, label in Removal.choices if value != Removal.NOT_PERSONAL]


class UnseenForm(forms.Form):
    """What a person sees in a message, and the rules did not."""

    type = forms.ChoiceField(label=_("What was not seen?"))
    words = forms.CharField(
        label=_("In which words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2, "data-chosen": ""}),
        help_text=_(
            "As they stand in the message. For personal information, they are what is masked. Left empty: the whole message."
        ),
    )
    note = forms.CharField(
        label=_("In a few words"),
        max_length=300,
        required=False,
        help_text=_("Kept with it. Do not repeat what the message says."),
    )

    def __init__(self, data: QueryDict | None = None, *, message: Message) -> None:
        super().__init__(data, auto_id=f"unseen-{message.pk}-%s")
        self.fields["type"].choices = [("", "—"), *_unseen()]  # type: ignore[attr-defined]
        if data is None:
            self.fields["type"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("type") in words.IDENTIFIERS and len(said.get("words", "")) < 2 and not self.has_error("words"):
            self.add_error("words", _("Give the words to mask."))
        return said


def _unseen() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """By what becomes of it, the gravest first."""
    error = (Topic.MEDICATION_ERROR.value, _("Medication error that reached somebody"))
    return [
        (_("Somebody may be in danger"), [(type_, words.label(type_)) for type_ in adding.DANGERS]),
        (_("Product safety"), [*((type_, words.label(type_)) for type_ in adding.HARM), error]),
        (_("Personal information"), [(type_, words.label(type_)) for type_ in words.IDENTIFIERS]),
        (_("Somebody else’s work"), [(type_, words.label(type_)) for type_ in adding.ROUTES]),
    ]


class CaseReportForm(forms.ModelForm):
    """Who outside was told of a safety case, and when: between the day we knew of it and today."""

    class Meta:
        model = CaseReport
        fields = ("to", "told_on", "reference")
        widgets = {"told_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, data: QueryDict | None = None, *, known_on: date, today: date) -> None:
        super().__init__(data, auto_id="report-%s", initial={"told_on": today})
        self.known_on, self.today = known_on, today
        self.fields["told_on"].widget.attrs |= {"min": f"{known_on:%Y-%m-%d}", "max": f"{today:%Y-%m-%d}"}

    def clean_told_on(self) -> date:
        told_on: date = self.cleaned_data["told_on"]
        if not self.known_on <= told_on <= self.today:
            raise forms.ValidationError(_("A day between the one on which we knew of it and today."))
        return told_on

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip()
