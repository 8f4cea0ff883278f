"""Whether a reply speaks the language in which the person wrote."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from inbox.models import Conversation
from inbox.triage.writer import language
from responses.composing.around import Said, said
from responses.models import TemplateVersion

OURS = frozenset({"fr", "en"})
READ = 5  # messages that wait: the newest
ENOUGH = 4  # words: fewer tell too little
_WORD = re.compile(r"[^\W\d_]{2,}")


def asked(conversation: Conversation) -> str:
    """The language to answer in: theirs where we speak it, French otherwise."""
    written = written_in(conversation, said(conversation))
    if conversation.language in written or len(written) != 1:
        return "en" if conversation.language == "en" else "fr"
    return next(iter(written))


def written_in(conversation: Conversation, newest: Sequence[Said]) -> frozenset[str]:
    """Of ours, what they wrote in: in what waits for an answer, else in the whole; nothing where it does not tell."""
    waiting = [each.language for each in newest if each.waits]
    return OURS.intersection(waiting[:READ]) or OURS.intersection({conversation.language})


def unlike(theirs: frozenset[str], version: TemplateVersion | None, spoken: str, free: str) -> tuple[str, str]:
    """What to say of it, and the language of the twin that would do; both empty where all is well.

    theirs: what they wrote in. spoken: the language of the picked template. free: what a person wrote in it, or instead of it.
    """
    if version and theirs and spoken not in theirs:
        said = _("The person wrote in English, and this answer is in French: take the English text.")
        if spoken == "en":
            said = _("The person wrote in French, and this answer is in English: take the French text.")
        return said, next(iter(theirs))
    wanted = {spoken} if version else theirs
    heard = _heard(free)
    if not heard or not wanted or heard in wanted:
        return "", ""
    if version and heard == "en":
        return _("What you wrote is in English, and the template around it is in French: write it in French."), ""
    if version:
        return _("What you wrote is in French, and the template around it is in English: write it in English."), ""
    if heard == "en":
        return _("The person wrote in French, and this answer is in English: write it in French."), ""
    return _("The person wrote in English, and this answer is in French: write it in English."), ""


def _heard(text: str) -> str:
    """The language of free words, where there are enough of them and it is one of ours."""
    found = language.detect(text) if len(_WORD.findall(text)) >= ENOUGH else ""
    return found if found in OURS else ""
