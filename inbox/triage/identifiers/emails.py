"""E-mail addresses (PHI-6), typed or told: “mado point fictive arobase exemple point com”."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.sheet import Sheet, identifier

_PROVIDERS = words.any_of("emails", "providers")
_TLD = words.any_of("emails", "domains")
_TYPED = re.compile(
    r"(?<![\w.+-])[\w.+'-]*[\w+]@+[\w-]+(?:\.[\w-]+)+|(?<![\w.+-])[\w.+'-]*[\w+] ?@ ?"
    + _PROVIDERS
    + rf"(?: ?[.,] ?{_TLD}| (?:com|ca))?\b"
)
_SPACED = re.compile(
    rf"(?<![\w.+-])[\w.+-]+(?: [._] [\w.+-]+)*(?: ?@ ?)[\w-]+(?: ?[.,] ?[\w-]+)?(?: ?[.,] ?{_TLD}| (?:point|dot) {_TLD})\b"
)
_AT = (
    r"(?:\(? ?(?:arr?obas(?:e|que)?s?|arr?oba|a commercial|at sign|chez) ?\)?"
    r"|\( ?(?:a|at|@) ?\)|\[ ?(?:a|at|@) ?\]|\{ ?at ?\}|<at>|_at_)"
)
_DOT = r"(?:\(? ?(?:point|dot|pt) ?\)?|\[ ?(?:point|dot|\.) ?\]|\( ?\. ?\)|\.)"
_JOIN = (
    r"(?: ?[._-] ?| ?\(?(?:point|dot|under ?score|tiret(?: bas)?|dash|hyphen|trait d'union|soulign\w+|barre(?: en)? bas)\)? ?)"
)
_LOCAL = rf"[a-z0-9]+(?:{_JOIN}[a-z0-9]+){{0,4}}"
_DOMAIN = rf"[a-z0-9-]+(?: ?{_DOT} ?[a-z0-9-]+)? ?{_DOT} ?{_TLD}(?: ?{_DOT} ?{_TLD})?"
_TOLD = re.compile(rf"(?<![\w.+-]){_LOCAL} ?{_AT} ?(?:{_DOMAIN}|{_PROVIDERS})\b")
# “at” is a word of every day: it takes a domain that is told, and a writer who speaks of mail or a name that is no word.
_ENGLISH = re.compile(rf"(?<![\w.+-])(?P<local>{_LOCAL}) at (?:{_DOMAIN}|(?:gmail|hotmail|videotron|icloud)\b)\b")
_PROVIDER = re.compile(rf" at (?!ex[ae]mple){words.any_of('emails', 'providers')}\b")
_MAIL = re.compile(r"\b(?:e-?mails?|mails?|courriels?|adresses?|address|write|ecri\w+|contact|reach|send|envo\w+|email me)\b")
_EVERYDAY = words.block("emails", "everyday")
_OURS = re.compile(
    r"\b(?:votre|vos|your|the|l'|ur)[ ']?(?:adresse |email |e-mail )?(?:courriels?|e-?mails?|adresse|address|mail)\b[^@\0]{0,20}$"
)
_ROLES = re.compile(
    r"(?:no-?reply|ne-?pas-?repondre|info|support|service|services|contact|admin|help|aide|webmaster|privacy|serviceclient)@"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    for start, end in written(sheet.open):
        if not sheet.anybodys and (_OURS.search(sheet.before(start, 45)) or _ROLES.match(sheet.folded[start:end])):
            sheet.take(start, end)
        else:
            yield identifier("email", (start, end), 6, Confidence.HIGH if "@" in sheet.folded[start:end] else Confidence.MEDIUM)


def written(folded: str) -> Iterator[tuple[int, int]]:
    """Whoever's they are."""
    ends = 0
    for start, end in sorted(_spans(folded)):
        if start >= ends:
            yield start, end
            ends = end


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    if "@" in folded:
        yield from (found.span() for pattern in (_TYPED, _SPACED) for found in pattern.finditer(folded))
    if re.search(r"arr?ob|\(a|\[a|\[@|\(@|commercial|at sign|\{|<at|_at_| chez ", folded):
        yield from (found.span() for found in _TOLD.finditer(folded) if " chez " not in found[0] or "point" in found[0])
    if " at " in folded:
        yield from (found.span() for found in _ENGLISH.finditer(folded) if _is_mail(folded, found))


def _is_mail(folded: str, found: re.Match[str]) -> bool:
    local = found["local"].split()[-1]
    if local in _EVERYDAY:
        return False
    if _PROVIDER.search(found[0]):
        return True
    return bool(
        re.search(r"[\d._-]|dot|underscore", found["local"]) or _MAIL.search(folded, max(0, found.start() - 45), found.start())
    )
