from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from inbox.models import CaseReport, Conversation, Finding, Removal
from inbox.news import notices
from inbox.triage.findings import Family

Outcome = Conversation.Outcome


class AssignForm(forms.Form):
    member = forms.ModelChoiceField(Membership.objects.none(), label=_("Assigned to"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["member"] = conversation.assignee_id
        who = notices.who_answers(conversation.location_id, conversation.organization_id)
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
