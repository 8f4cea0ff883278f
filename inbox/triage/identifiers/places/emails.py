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
_DOT = r"(?:\(? ?(?:point|dot|period|pt) ?\)?|\[ ?(?:point|dot|\.) ?\]|\( ?\. ?\)|\.)"
_JOIN = (
    r"(?: ?[._-] ?| ?\(?(?:point|dot|period|under ?score|tiret(?: bas)?|dash|hyphen|trait d'union|soulign\w+|barre(?: en)? bas)"
    r"\)? ?)"
)
_LOCAL = rf"[a-z0-9]+(?:{_JOIN}[a-z0-9]+){{0,4}}"
_DOMAIN = rf"[a-z0-9-]+(?: ?{_DOT} ?[a-z0-9-]+)? ?{_DOT} ?{_TLD}(?: ?{_DOT} ?{_TLD})?"
_TOLD = re.compile(rf"(?<![\w.+-]){_LOCAL} ?{_AT} ?(?:{_DOMAIN}|{_PROVIDERS})\b")
# “at” is a word of every day: it takes a domain that is told, and a writer who speaks of mail or a name that is no word.
_ENGLISH = re.compile(rf"(?<![\w.+'-])(?P<local>{_LOCAL}) at (?:{_DOMAIN}|(?:gmail|hotmail|videotron|icloud)\b)\b")
# “zoe.exemple9 a gmail.com”, “lise-l à exemple point ca”: the word for “at” as French says it.
_SEVERAL = r"(?:\.| point | dot )"
_A = re.compile(rf" a (?=(?P<domain>[a-z0-9-]+{_SEVERAL}(?:[a-z0-9-]+{_SEVERAL})?{_TLD})\b)")
_BEFORE_A = re.compile(rf"(?<![\w.+-])(?P<local>{_LOCAL})$")
# “mon courriel c'est lise exemple arobase …”: all that is between.
_MORE = re.compile(
    r"\b(?:e-?mails?|mails?|courriels?|adresse|address|gmail|hotmail)(?:'s| is| est| c'est| c est| cest|:)* "
    r"(?P<more>(?:(?!(?:is|it's|est|c'est|cest|moi|me|a|at|le|la|the|mon|my|to|pour|for)\b)[a-z0-9_.-]+ ){1,6})$"
)
_SPELLED = re.compile(r"\d|\b(?:dot|point|under ?score|tiret|dash)\b")
_PROVIDER = re.compile(rf" at (?!ex[ae]mple){words.any_of('emails', 'providers')}\b")
_MAIL = re.compile(r"\b(?:e-?mails?|mails?|courriels?|adresses?|address|write|ecri\w+|contact|reach|send|envo\w+|email me)\b")
_EVERYDAY = words.block("emails", "everyday")
_OURS = re.compile(
    r"\b(?:votre|vos|your|the|l'|ur)[ ']?(?:adresse |email |e-mail )?(?:courriels?|e-?mails?|adresse|address|mail)\b[^@\0]{0,20}$"
)
_ROLES = re.compile(
    r"(?:no-?reply|ne-?pas-?repondre|info|support|service|services|contact|admin|help|aide|webmaster|privacy|serviceclient|clinique|clinic|pharmacie|pharmacy|commandes?|orders?|facturation|billing|reception)@"
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
    for start, end in sorted(_spans(folded), key=lambda span: (span[0], -span[1])):
        if start >= ends:
            more = _MORE.search(folded, max(ends, start - 90), start) if "@" not in folded[start:end] else None
            yield more.start("more") if more else start, end
            ends = end


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    if "@" in folded:
        yield from (found.span() for pattern in (_TYPED, _SPACED) for found in pattern.finditer(folded))
    if re.search(r"arr?ob|\(a|\[a|\[@|\(@|commercial|at sign|\{|<at|_at_| chez ", folded):
        yield from (found.span() for found in _TOLD.finditer(folded) if " chez " not in found[0] or "point" in found[0])
    for at in _A.finditer(folded) if " a " in folded else ():
        found = _BEFORE_A.search(folded, max(0, at.start() - 40), at.start())
        told = found and _MAIL.search(folded, max(0, found.start() - 45), found.start())
        if found and (told or re.search(r"[a-z].*\d|[._-]", found["local"])):
            yield found.start(), at.end("domain")
    if " at " in folded:
        yield from (found.span() for found in _ENGLISH.finditer(folded) if _is_mail(folded, found))


def _is_mail(folded: str, found: re.Match[str]) -> bool:
    local = found["local"].split()[-1]
    if local in _EVERYDAY:
        more = _MORE.search(folded, max(0, found.start() - 90), found.start())
        return bool(more and _SPELLED.search(more["more"]))
    if _PROVIDER.search(found[0]):
        return True
    return bool(
        re.search(r"[\d._-]|dot|underscore", found["local"]) or _MAIL.search(folded, max(0, found.start() - 45), found.start())
    )
