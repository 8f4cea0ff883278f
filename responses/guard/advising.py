"""Advice on a treatment, as replies put it: to take, give, stop, skip, double, change, cut, mix or apply a medicine, or to go on
with it.

A verb that tells or allows, and after it, with nothing but small words between, a medicine or a dose. Pure.
"""

import re
from collections.abc import Iterator

from inbox.triage.text import Text
from inbox.triage.words import medicines


def _any(*words: str) -> str:
    return "(?:" + "|".join(" ".join(words).split()) + ")"


# --- verbs, folded ----------------------------------------------------------------------------------------

_VOUS = _any(
    "prenez reprenez donnez redonnez arretez cessez sautez doublez triplez coupez divisez reduisez diminuez baissez",
    "augmentez montez",
    "continuez poursuivez melangez combinez appliquez mettez remettez etendez utilisez commencez recommencez ecrasez",
    "croquez avalez",
    "injectez inhalez espacez remplacez suspendez evitez essayez lachez buvez changez modifiez ajustez",
)
_TU = _any(
    "prends prend reprends donne redonne arrete cesse saute double triple coupe divise reduis diminue baisse augmente monte",
    "continue poursuis melange combine applique mets remets etends utilise commence recommence ecrase croque avale",
    "injecte inhale espace remplace suspends evite essaye essaie lache slaque bois change modifie ajuste",
)
_INFINITIVE = _any(
    "prendre reprendre donner redonner arreter cesser sauter doubler tripler couper diviser reduire diminuer baisser",
    "augmenter",
    "monter continuer poursuivre melanger combiner appliquer mettre remettre etendre utiliser commencer recommencer",
    "ecraser croquer",
    "avaler injecter inhaler espacer remplacer suspendre eviter essayer lacher slaquer boire changer modifier ajuster",
)
_ENGLISH = _any(
    "take retake give stop skip double triple halve cut split reduce lower decrease increase raise continue mix combine",
    "apply",
    "put use start restart resume hold pause taking giving using applying mixing skipping doubling crush chew swallow",
    "inject try avoid switch quit drink finish change adjust",
)

# --- what makes a verb tell or allow ----------------------------------------------------------------------

_CLITICS = r"(?:(?:n'|ne |en |y |l'|le |la |les |lui |leur |me |te |se |s'|j'|pas |plus |jamais )*)"
_SOFTLY = (
    r"(?:(?:aussi|bien|juste|toujours|donc|alors|encore|simplement|tranquillement|sans probleme|pas|plus|jamais|ne|n'"
    r"|rien) ?)*"
)
_WHO = (
    r"(?:vous|tu|t'|il|elle|ils|elles|ca|(?:votre|vos|ton|ta|tes|le|la|l'|un|une) ?"
    r"(?:enfants?|bebes?|petite?|filles?|fils|gars|mere|pere|mari|conjointe?|femme|ado|patiente?|personne))"
)
_MAY = (
    r"(?:pouvez|peux|peut|peuvent|pourriez|pourrais|pourrait|devez|dois|doit|doivent|devriez|devrais|devrait|devraient|"
    r"avez (?:juste )?(?:a|qu'a|le droit de|le droit d')|as (?:juste )?(?:a|qu'a|le droit de|le droit d'))"
)
# “On vous dira si vous pouvez prendre …” leaves it open.
_OPEN = r"(?<!\bsi )(?<!\bquand )(?<!\bcomment )(?<!\bcombien )(?<!\bque )(?<!\bdont )"
_ALLOWED = "|".join(
    [
        _OPEN + rf"\b{_WHO} (?:ne |n')?{_MAY} ?{_SOFTLY}",
        rf"\bque {_WHO} (?:ne |n')?{_MAY} ?{_SOFTLY}",
        r"\b(?:il )?(?:ne )?(?:faut|faudrait|suffit|vaut mieux|vaudrait mieux) (?:pas )?(?:de |d')?|\bmieux vaut "
        r"|\bpas besoin (?:de |d')",
        r"\b(?:conseill\w+|sugger\w+|recommand\w+|propos\w+|essay\w+|invit\w+|hesit\w+ pas|evit\w+|rappelle\w*|pensez|pense)"
        r" (?:de |d'|a )(?:ne pas )?",
        r"\b(?:correct|ok|sur|securitaire|possible|permis|sans danger|preferable|mieux) (?:de |d')(?:ne pas )?",
        r"\b(?:faites|fais|laissez|laisse)(?:[- ](?:le|la|les|lui|leur))? ",
    ]
)
_CAN = (
    r"(?:can|could|may|should|must|shouldn't|can't|cannot|mustn't|ought to|need to|have to|needs to|has to|might"
    r"|want to|'d better)"
)
_WHO_EN = (
    r"(?:you|he|she|they|it|(?:your|the|a) (?:child|kid|son|daughter|baby|toddler|mother|mom|father|dad|husband|wife"
    r"|patient))"
)
_OPEN_EN = r"(?<!\bif )(?<!\bwhen )(?<!\bwhether )(?<!\bhow )(?<!\bwhat )(?<!\bmuch )(?<!\bmany )"
_ALLOWED_EN = "|".join(
    [
        _OPEN_EN + rf"\b{_WHO_EN} ?{_CAN} (?:(?:also|just|safely|still|always|not|never|simply|even|try to|want to|then) )*",
        r"\b(?:feel free|ok|okay|fine|safe|best|better|try|sure|remember|good|need|advise you|suggest you|recommend you"
        r"|tell \w+) "
        r"(?:not )?to (?:not )?",
        r"\b(?:keep|try|avoid|continue|suggest|recommend|advise) |\b(?:have|let|make) (?:him|her|them|your \w+) "
        r"|\b(?:suggest|recommend|advise) (?:that )?(?:you|he|she|they) ",
    ]
)
# --- what it is about -------------------------------------------------------------------------------------

_BETWEEN = (
    r"(?:(?:[ ,-]*(?:"
    r"(?:l|d|qu|c|m|t|s)'"
    r"|(?:le|la|les|un|une|des|du|de|en|au|aux|a|y|lui|leur|votre|vos|ton|ta|tes|son|sa|ses|ce|cet|cette|ces|mon|notre"
    r"|the|your|his|her|their|an|any|some|this|that|these|those|both|all|my|him|them|it|half|of|to|with|avec|par|and|et|or"
    r"|ou|extra|more"
    r"|aussi|donc|bien|seulement|juste|plutot|encore|also|just|only|tonight's|today's|tomorrow's|morning's|evening's"
    r"|instead|off|on"
    r"|pas|plus|jamais|rien|surtout|meme|deja|tout|toute|tous|toutes|not|never|ne|s'il vous plait|please"
    r"|autres?|moitie|demie?s?|prochaines?|petite?s?|bonnes?|next|other|another|small|last|derniere?s?|reste|rest"
    r"|regular|usual|new"
    r"|nouvelle?s?|nouveau|premieres?|first|second|evening|morning|night|daily|generic|oral|bedtime|missed|single|double"
    r"|prendre|prise|donner|utiliser|taking|giving|using|take|fois|times|co-?|plus de|moins de|less|peu|bit|little"
    r"|couple|quelques|few"
    r"|\d+(?:[.,/]\d+)?|deux|trois|quatre|cinq|six|one|two|three|four|five|six)(?![\w])"
    r"))*)[ ,-]*"
)
_FORM = _any(
    "comprimes? capsules? gelules? caplets? pilules? pillules? cachets? pastilles? gouttes? doses? dosages? posologies?",
    "medicaments? medocs? meds? medications? medicines? traitements? treatments? antibiotiques? antibios? antibiotics?",
    "sirops? syrups? cremes? creams? onguents? ointments? pommades? gels? timbres? patch patches pompes? inhalateurs?",
    "inhalers?",
    "insulines? anticoagulants? vitamines? vitamins? suppositoires? suppository suppositories injections?",
    "anti-?inflammatoires? anti-?inflammatory antidouleurs? antihistaminiques? antihistamines? antidepresseurs?",
    "antidepressants?",
    "puffs? bouffees? tablets? tabs? pills? drops? painkillers? statines? statins? cortisone prises? somniferes?",
)
_UNIT = (
    r"(?:\d+(?:[.,/]\d+)?|deux|trois|quatre|one|two|three|four|une?|demie?|half an?|an?|half)[ -]?(?:a |\d+ )?"
    r"(?:mg|mcg|µg|ug|ml|cc|grammes?|g|ui|iu|unites?|units?|milligrammes?|millilitres?|milligrams?|millilit(?:er|re)s?"
    r"|cuilleres?|c\. ?a (?:the|soupe|table)|cuilleree|teaspoons?|tablespoons?|tsp|tbsp)\b"
)
_COUNT = r"(?:\d+(?:[.,/]\d+)?|un|une|deux|trois|quatre|one|two|three|four)"
_WHEN = (
    r"(?:ce soir|ce matin|au coucher|au besoin|a jeun|en mangeant|avant de (?:manger|dormir)|apres (?:le|les"
    r"|chaque) repas|matin et soir"
    r"|avant (?:le|les|chaque) repas|avec (?:de la|un peu d(?:e|')|de|de l'|un verre d(?:e|')) ?(?:nourriture|eau|lait)"
    r"|aux \d+ ?h\w*|toutes les \w+ heures"
    r"|\w+ fois par jour|par jour"
    r"|la veille|tout de suite|demain|des (?:ce soir|demain)|tonight|at bedtime|as needed|with food|on an empty stomach"
    r"|every \w+ hours?"
    r"|\w+ times a day|(?:once|twice|three times) (?:a day|daily)|daily|in the morning|in the evening|before (?:bed"
    r"|meals?|eating)"
    r"|after (?:meals?|eating)|right away|the (?:night|day) before|tomorrow)\b"
)
_IT = r"(?:-| )(?:le|la|les|en|it|them|ca|cela)"
# “Prenez-en deux”, “take it with food”, “coupez-le en deux”; “take 2 tonight”.
_DOSED = "|".join(
    [
        rf"[ -]en {_COUNT}\b(?! minutes?| secondes?| jours?)",
        rf"(?:{_IT})(?:[ ,]+{_COUNT})?[ ,]+{_WHEN}|(?:{_IT}) en (?:deux|trois|quatre)\b|(?:{_IT}) in (?:half|two)\b",
        rf" {_COUNT}(?: (?:ou|or|a|to) {_COUNT})?(?: (?:more|autres?|de plus))?[ ,]+{_WHEN}",
        rf" {_COUNT} of (?:them|those|these)\b",
        r" (?:le|la|les|l') ?[.…]",
    ]
)
_BARE = r"(?:-(?:le|la|les)\b(?= *(?:[.!,;]|$)))"  # “Arrêtez-le.”
_STOPS = r"(?:arretez|cessez|arrete|cesse|continuez|doublez|sautez|reprenez|poursuivez|suspendez|reprends)"

_SENTENCE = re.compile(r"[^.!?…\n]+(?:\.(?=[\w])[^.!?…\n]*)*(?:\.{3}|…|[.!?\n])?")
_INTRO = (
    r"oui|non|et|puis|pis|fa(?: ?que|que)?|ensuite|alors|donc|ou|mais|sinon|surtout|juste|svp|ce soir|demain"
    r"|aujourd'hui|d'ici la"
    r"|yes|no|then|so|and|or|but|please|ok|just|only|also|instead|simply|tonight|today|tomorrow|now|first|always|never|sure"
    r"|(?:for|pour|contre|against) (?:(?:the|your|la|le|les|votre|ta|ton) )?\w+"
)
_OPENS = rf"(?:(?:^|[\n.:;,!?(\"«»-])\s*(?:(?:{_INTRO}) ?,? *)*)"
_SUBJECT = re.compile(rf"\b(?:vous|tu|t'|v'|nous|on|j'|je|il|elle|ils|elles|qui|ca|cela) ?{_CLITICS}$|(?:-(?:vous|tu)) $")
_OWN_SUBJECT = re.compile(rf"{_OPENS}(?:vous|tu|you) ?{_CLITICS}$")
_DEFERS = re.compile(
    r"\b(?:sans|avant (?:de |d')?)[^.!?]{0,25}(?:parl|consult|demand|appel|verifi|avis|accord|contact)"
    r"|\b(?:without|before|until)\b[^.!?]{0,25}(?:talk|speak|spoke|ask|call|check|consult|contact|see)"
)
_NEGATED = re.compile(r"\b(?:ne |n'|don't |do not |never |jamais |not )\w*\W{0,2}(?:\w+ ){0,2}$")

_VERBS = re.compile(
    rf"\b(?:(?P<vous>{_VOUS})|(?P<tu>{_TU})|(?P<infinitive>{_INFINITIVE})|(?P<english>{_ENGLISH}))\b(?!-(?:vous|tu)\b)"
)
_ALLOWS = re.compile(rf"(?:{_ALLOWED}){_CLITICS}$")
_ALLOWS_EN = re.compile(rf"(?:{_ALLOWED_EN})$")
_OPENING = re.compile(rf"{_OPENS}(?:ne pas |ne jamais |do not |don't |you )?{_CLITICS}$")
_DOSE = re.compile(rf"{_BETWEEN}(?:{_FORM}\b|{_UNIT})|{_DOSED}")
_NAMED = re.compile(rf"{_BETWEEN}([a-z][a-z0-9]+)\b")
_TAKES_IT = re.compile(rf"\b{_STOPS}{_BARE}")
_SAID_WHOLE = re.compile(
    r"\b(?:arretez|cessez|commencez|continuez|evitez) (?:de |d'|a )(?:le |la |les |l'|en )?prendre\b|(?:stop|start) taking\b"
)


def find(text: str) -> Iterator[tuple[int, int]]:
    folded = Text(text).folded.replace("\u00a0", " ").replace("\u202f", " ")
    for sentence in _SENTENCE.finditer(folded):
        yield from _in_sentence(folded, sentence.start(), sentence.end())


def _in_sentence(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    asks, defers = folded[start:end].endswith("?"), bool(_DEFERS.search(folded, start, end))
    for verb in _VERBS.finditer(folded, start, end):
        before = folded[start : verb.start()]
        if defers and _NEGATED.search(before):  # “N’arrêtez rien sans nous en parler”
            continue
        if _tells(verb, before, asks=asks) and (stop := _object_end(folded, verb, end)):
            yield verb.start(), stop
            return  # one finding a sentence says it


def _tells(verb: re.Match[str], before: str, *, asks: bool) -> bool:
    if _OWN_SUBJECT.search(before):  # “Vous prenez deux comprimés”
        return not asks and not verb["infinitive"]
    if verb["vous"]:
        return not _SUBJECT.search(before)
    if verb["infinitive"]:
        return bool(_ALLOWS.search(before) or _OPENING.search(before))
    # “Continue” and “double” are words of both languages. “Our pharmacist gives …” tells nobody what to do.
    return bool(_ALLOWS_EN.search(before) or _OPENING.search(before))


def _object_end(folded: str, verb: re.Match[str], end: int) -> int:
    if whole := _SAID_WHOLE.match(folded, verb.start(), end) or _TAKES_IT.match(folded, verb.start(), end):
        return whole.end()
    if dose := _DOSE.match(folded, verb.end(), end):
        return dose.end()
    named = _NAMED.match(folded, verb.end(), end)
    return named.end() if named and _is_medicine(named[1]) else 0


def _is_medicine(word: str) -> bool:
    return word in medicines.names() or word.removesuffix("s") in medicines.names()
