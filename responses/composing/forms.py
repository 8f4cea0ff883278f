"""What the composer posts. Words and fields are judged elsewhere, not here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID, uuid4

from django import forms

from accounts.access import Permission
from accounts.models import Membership
from inbox.models import Conversation
from responses.composing import judging, speaking
from responses.composing.judging import Words
from responses.composing.seen import Seen
from responses.models import Reply, ReplyDraft, TemplateVersion

TYPED = ("answer", "first_name", "text")


class ComposerForm(forms.Form):
    """Everything typed, whatever was pressed: picking another template or another language loses nothing."""

    key = forms.UUIDField(required=False)
    seen = forms.CharField(required=False, max_length=120)
    version = forms.IntegerField(required=False)
    own_words = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=[("fr", "fr"), ("en", "en")], required=False)
    mode = forms.ChoiceField(choices=[(judging.PUBLIC, ""), (judging.PRIVATE, "")], required=False)
    answer = forms.CharField(required=False)
    first_name = forms.CharField(required=False)
    text = forms.CharField(required=False, strip=False)
    acknowledged = forms.CharField(required=False)
    search = forms.CharField(required=False)


@dataclass(slots=True)
class Sheet:
    """The composer as one person has it before them: what is picked, what is typed, what was seen."""

    conversation: Conversation
    membership: Membership
    mode: str
    language: str
    version: TemplateVersion | None = None
    own_words: bool = False
    typed: dict[str, str] = field(default_factory=dict)  # answer, first_name, text; a name left out was never shown
    key: UUID = field(default_factory=uuid4)
    seen: Seen | None = None
    acknowledged: str = ""
    search: str = ""
    beside: Reply | None = None  # whose words are offered in place of these

    @classmethod
    def opened(cls, conversation: Conversation, membership: Membership) -> Self:
        """As it was left, or blank."""
        sheet = cls(
            conversation, membership, judging.modes(conversation)[0], speaking.asked(conversation), seen=Seen.of(conversation)
        )
        draft = (
            ReplyDraft.objects.filter(conversation=conversation, membership=membership)
            .select_related("version__template")
            .first()
        )
        if draft:
            sheet.turn(draft.mode)
            sheet.language = draft.language or sheet.language
            sheet.version = draft.version
            sheet.typed = {name: text for name, text in draft.fields.items() if name in TYPED}
            sheet.write_freely(draft.version is None and "text" in draft.fields)
        return sheet

    @classmethod
    def posted(cls, conversation: Conversation, membership: Membership, data: Mapping[str, Any]) -> Self:
        """As the browser sent it back. What is not ours to read is taken as left out; `replies` judges the rest."""
        form = ComposerForm(data)
        form.is_valid()
        said = form.cleaned_data
        language = said.get("language") or speaking.asked(conversation)
        sheet = cls(conversation, membership, judging.modes(conversation)[0], language)
        sheet.turn(said.get("mode", ""))
        # Of this organization in any state: `replies` says in words why one may not be used.
        sheet.version = (
            TemplateVersion.objects.of(membership).filter(pk=said.get("version") or 0).select_related("template").first()
        )
        sheet.write_freely(bool(said.get("own_words")))
        sheet.typed = {name: said.get(name, "") for name in TYPED if name in data}
        sheet.key = said.get("key") or uuid4()
        sheet.seen = Seen.read(said.get("seen", ""))
        sheet.acknowledged = said.get("acknowledged", "")
        sheet.search = said.get("search", "").strip()
        sheet.lay_beside(data.get("beside", ""))
        return sheet

    def turn(self, mode: str) -> None:
        if mode in judging.modes(self.conversation):
            self.mode = mode

    def write_freely(self, asked: bool) -> None:
        self.own_words = asked and self.version is None and self.membership.may(Permission.REPLY_FREELY)

    def steer(self, asked: Mapping[str, str]) -> None:
        """What an address asks for, where no draft says otherwise."""
        self.turn(asked.get("mode", ""))
        self.language = asked["language"] if asked.get("language") in {"fr", "en"} else self.language
        self.search = asked.get("search", "").replace("\0", "")[:100]
        self.write_freely(self.own_words or bool(asked.get("own")))
        self.lay_beside(asked.get("beside", ""))

    def lay_beside(self, asked: str) -> None:
        """The reply of this number, where it is of this conversation."""
        here = Reply.objects.visible_to(self.membership).filter(conversation=self.conversation)
        self.beside = here.filter(pk=number(asked)).first() if asked else None

    def holds(self, reply: Reply) -> bool:
        return self.version == reply.version and self.typed == {
            name: reply.fields[name] for name in TYPED if name in reply.fields
        }

    @property
    def words(self) -> Words:
        filled = {name: text.strip() for name, text in self.typed.items() if name != "text"}
        return Words(self.version, self.language, filled, "" if self.version else self.typed.get("text", ""))

    @property
    def blank(self) -> bool:
        return self.version is None and not any(text.strip() for text in self.typed.values())


def number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 18 else 0
