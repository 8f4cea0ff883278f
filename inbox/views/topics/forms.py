"""What people type, line by line, and why some of it is of no use."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.models import OwnTopic
from inbox.models.own import LONGEST, PRODUCTS, WORDS
from inbox.triage.lexicons import fold
from inbox.views.topics.common import COMMON

SHORTEST = 3  # letters and digits: what is shorter begins too many words
SENTENCE = 1000


class LinesField(forms.CharField):
    """One a line, or with commas between. Gives a list; what is said twice is in it once."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 6, "spellcheck": "true"}), **kwargs)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(",", "\n").replace(";", "\n")
        lines = [" ".join(line.split()) for line in text.splitlines()]
        found = list({fold(line): line for line in reversed(lines) if line}.values())[::-1]
        if len(found) > self.most:
            raise ValidationError(_("%(count)s are given; %(most)s at most.") % {"count": len(found), "most": self.most})
        if problems := [problem for line in found if (problem := _problem(line))]:
            raise ValidationError(problems)
        return found


def _problem(line: str) -> str:
    """Why a line is of no use; "" where it is."""
    said = {"words": line}
    if len(line) > LONGEST:
        return _("“%(words)s” is too long: 40 letters at most.") % said
    if sum(letter.isalnum() for letter in line) < SHORTEST:
        return _("“%(words)s” is too short: with fewer than three letters it would be found everywhere.") % said
    if _is_common(fold(line)):
        return _("“%(words)s” is too common: it would be found in messages about anything.") % said
    return ""


def _is_common(folded: str) -> bool:
    return all(word in COMMON for word in folded.replace("’", "'").replace("'", " ").replace("-", " ").split())


class TryForm(forms.Form):
    sentence = forms.CharField(
        label=gettext_lazy("Sentence to try"),
        max_length=SENTENCE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("As somebody might write it. It is kept nowhere."),
    )


class TopicForm(TryForm):
    name_fr = forms.CharField(
        label=gettext_lazy("Name in French"), min_length=2, max_length=LONGEST, required=False,
        widget=forms.TextInput({"lang": "fr", "spellcheck": "true"}),
    )  # fmt: skip
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"), min_length=2, max_length=LONGEST, required=False,
        widget=forms.TextInput({"lang": "en", "spellcheck": "true"}),
        help_text=gettext_lazy("Where one of the two is missing, the other stands for it."),
    )  # fmt: skip
    words = LinesField(
        label=gettext_lazy("Words that tell of it"),
        most=WORDS,
        help_text=gettext_lazy(
            "One a line, in both languages. Each is found at the beginning of a word, whatever its accents and capitals: "
            "“orthèse” also finds “Ortheses”."
        ),
    )
    field_order = ["name_fr", "name_en", "words", "sentence"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "try" not in self.data and not (data.get("name_fr") or data.get("name_en") or self.errors):
            self.add_error("name_fr", _("Give a name, in one of the two languages at least."))
        return data

    def fill(self, topic: OwnTopic) -> None:
        for name in ("name_fr", "name_en", "words"):
            setattr(topic, name, self.cleaned_data[name])


class ProductsForm(TryForm):
    products = LinesField(
        label=gettext_lazy("Names of products"),
        most=PRODUCTS,
        required=False,
        show_hidden_initial=True,
        help_text=gettext_lazy("One a line, as people write them. Found as whole words, whatever their accents and capitals."),
    )
    field_order = ["products", "sentence"]

    def shown(self) -> list[str]:
        """What stood in the field when the page was drawn: somebody else may have added to it since."""
        return str(self.data.get(self.add_initial_prefix("products"), "")).splitlines()


def initial(topic: OwnTopic) -> dict[str, str | Iterable[str]]:
    return {"name_fr": topic.name_fr, "name_en": topic.name_en, "words": topic.words}
