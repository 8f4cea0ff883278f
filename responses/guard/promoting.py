"""What a maker's page may not say of its own product to everybody: what it does, how safe it is, an illness, for whom, or beside
which other.

The name alone may be told, and where it is found. A post, a comment and our reply are read as one: an illness above and the
product below promote it just as well. Patterns are over folded text. Pure.
"""

import re
from collections.abc import Callable, Iterator

from inbox.triage.text import Text
from responses.guard import naming
from responses.guard.findings import Around, Span


def _any(*words: str) -> str:
    return "(?:" + "|".join(" ".join(words).split()) + ")"


# --- illnesses ------------------------------------------------------------------------------------------

_ILLNESSES = _any(
    "acnes? rosacees? eczemas? eczema psoriasis zona vitiligo urticaires? dermatites? dermatitis hives rosacea shingles rashes",
    "diabetes? diabetiques? diabetics? hypertension hypertendue?s? cholesterol infarctus avc angine angina cancers? cancereux",
    "tumeurs? tumou?rs? leucemies? leuk[ae]+mia asthmes? asthma asthmatiques? asthmatic mpoc copd bronchites? bronchitis",
    "pneumonies? pneumonia grippes? influenza rhumes? covid(?:-?19)? sinusites? sinusitis otites? gastro reflux heartburn",
    "ulceres? ulcers? colites? colitis crohn(?:'s)? constipation diarrhees? diarrhea hemorroides? hemorrhoids? migraines?",
    "epilepsie epilepsy parkinson(?:'s)? alzheimer(?:'s)? depression depressions anxiete anxiety insomnies? insomnia bipolaires?",
    "bipolar schizophrenie schizophrenia tdah adhd autisme autism arthrites? arthritis arthrose fibromyalgie fibromyalgia",
    "osteoporose osteoporosis lupus allergies? allergy rhinites? menopause endometriose endometriosis infertilite infertility",
    "vih hiv sida hepatites? hepatitis herpes infections? mycoses? verrues? warts fievres? fevers? nausees? nausea nevralgies?",
    "douleurs? douloureux douloureuses? headaches? diseases? illness(?:es)? symptomes? symptoms?",
)
_IN_WORDS = (
    r"haute pression|(?:maux?|mal) (?:de |au |aux |a la )(?:tete|ventre|gorge|dos|dents?|c(?:oe|œ)ur)"
    r"|brulures? d'estomac|boutons? de fievre|ear infections?|high blood pressure|heart attacks?|common cold|a cold\b"
    r"|the flu\b|sore throat|hay fever|pain relief"
    r"|(?:chronic|back|joint|nerve|severe|in|my|your|the) pain\b"
    r"|(?<!assurance[ -])(?<!assurances )(?<!regie de l'assurance )maladies?"
    r"|(?:feux sauvages|feu sauvage|cold sores?|sclerose en plaques|multiple sclerosis|hot flash(?:es)?|bouffees? de chaleur)"
)
_ILLNESS = re.compile(rf"\b(?:{_ILLNESSES}\b|{_IN_WORDS})")

# --- what it does ---------------------------------------------------------------------------------------

_THING = (
    r"(?:(?:le|la|les|l'|ce|cet|cette|ces|notre|nos|votre|the|this|these|our|your) ?"
    r"(?:produit|medicament|traitement|remede|creme|onguent|gel|sirop|comprime|capsule|gelule|vaccin|formule|solution"
    r"|product|medicine|medication|treatment|remedy|cream|ointment|syrup|tablet|vaccine|formula|drug)s?)"
)
_IT = rf"(?:PRODUCT(?: qui|, qui| that| which)?|{_THING}(?: qui| that| which)?|\b(?:ca|cela|il|elle|ils|elles|it|they))"
_BY_THE_WAY = (
    r"(?: ?(?:ne|n'|vous|le|la|les|l'|y|en|aussi|bien|vraiment|tres|pas|peut|peuvent|pourrait|va|vont|devrait|fait|a|ont|vraiment"
    r"|also|really|will|can|may|should|could|does|do|did|not|doesn't|don't|has|have|been|shown|proven|to|quickly|truly|still))*"
)
_DOES = _any(
    "traite traitent traiter soigne soignent soigner guerit guerissent guerir soulage soulagent soulager previent previennent",
    "combat combattent combattre reduit reduisent reduire agit agissent agir effet",
    "(?:elimin|attenu|diminu|amelior|proteg|calm|apais|repar|fonctionn|march|aid)(?:e|ent|er)",
    "treats? treat cures? heals? prevents? relieves? soothes? reduces? improves? controls?",
    "protects? fights? lowers? eases? helps? works? worked helped treated cured relieved",
)
# “Ça nous aide à nous améliorer”, “il traite votre demande”, “this helps us”.
_NO_TREATMENT = (
    r"(?! (?:nous|notre|nos|us|our)\b)(?! (?:votre|vos|la|les|une?|cette|ces|chaque|toutes? les|your|the|all|any|every)?"
    r" ?(?:demandes?|plaintes?|questions?|commandes?|dossiers?|messages?|courriels?|commentaires?|requests?|complaints?|orders?))"
    r"(?! (?:with|avec) (?:us|our|nous|notre|nos|pharmac\w+)\b)"
)
_AIMS = (
    r"\b(?:pour|afin de|contre|sert a|utile pour) (?:la |le |les |l')?(?:traiter|soigner|soulager|prevenir|guerir|combattre"
    rf"|traitement|prevention|soulagement)\b{_NO_TREATMENT}"
    r"|\b(?:used|indicated|approved|good|effective) (?:to|for|against)\b"
    r"|\b(?:indiquee?s?|approuvee?s?|homologuee?s?) (?:pour|dans|contre|chez)\b"
    r"|\bto (?:treat|cure|heal|prevent|relieve|soothe)\b"
)
_PRAISES = (
    r"\befficac(?:es?|ites?|ement)\b|\beffective(?!ly)(?! (?:immediately|as of|on|from|date|today|until))(?:ness)?\b|\befficacy\b"
    r"|\bbienfaits?\b|\bbenefices? (?:de|du|pour)\b|\bbenefits? (?:of|for)\b"
    r"|\bresultats? (?:rapides?|visibles?|durables?|concluants?)"
    r"|\b(?:great|fast|visible|proven|lasting) results\b|\bfast[- ]acting\b|\baction rapide\b|\ba fait ses preuves\b"
    r"|\bproven to\b|\b(?:tres|plus|vraiment|si) (?:puissante?s?|performante?s?)\b"
    r"|\b(?:very|more|really|so) (?:powerful|potent)\b"
)

# --- how safe it is -------------------------------------------------------------------------------------

_SAFETY = (
    r"\beffets? (?:secondaires?|indesirables?)|\bcontre-? ?indi\w+|\binnocuite\b|\bprofil d(?:e |')(?:securite|innocuite)"
    r"|\bsecurite d(?:e|u|es)\b|\bbien toleree?s?\b|\breactions? (?:indesirables?|allergiques?)|\bsans (?:danger|risque)s?\b"
    r"|\brisques? (?:de|d'|pour|lies?)|\binteractions? (?:medicamenteuses?|avec|entre)|\bsurdos\w+|\bsecuritaires?\b"
    r"|\binoffensi\w+|\b(?:est|sont|tres|plus|parfaitement|tout a fait|vraiment) sures?\b"
    r"|\bside[ -]effects?|\badverse (?:effects?|reactions?|events?)|\bcontraindicat\w+|\bwell[ -]tolerated|\ballergic reactions?"
    r"|\brisks? (?:of|for|to)|\b(?:drug )?interactions? (?:with|between)|\boverdos\w+|\bsafety (?:profile|of|and)|\bsafer\b"
    r"|\b(?:is|are|be|very|perfectly|completely|totally|quite|proven) safe\b|\bharmless\b"
)

# --- for whom, and how much -----------------------------------------------------------------------------

_WHOM = (
    r"\b(?:enfants?|bebes?|nourrissons?|ados?|adolescents?|enceintes?|grossesses?|allait\w+|personnes? agees?|posologies?"
    r"|hors[- ]indications?|(?:la|les|une|votre|quelle|bonne|double|demi-?|par) ?doses?|dosages?"
    r"|child(?:ren)?|kids?|bab(?:y|ies)|toddlers?|infants?|teens?|teenagers?|pregnan\w+|breast-? ?feed\w*|elderly|off-? ?label"
    r"|(?:the|your|a|right|double|half|each|per) doses?|dosing)\b"
)

# --- beside another -------------------------------------------------------------------------------------

_OTHER = (
    r"(?:PRODUCT|autres?|others?|another|d'autres|concurren\w+|competit\w+"
    r"|(?:le |la |les |du |the )?generi\w+)"
)
_BESIDE = (
    r"\b(?:mieux|meilleure?s?|pires?|moins bien|moins cher|better|worse|stronger|safer|faster|milder|cheaper) (?:que |qu'|than )"
    r"|\b(?:plus|aussi|moins) (?:efficaces?|fort(?:e|s|es)?|puissante?s?|rapides?|sure?s?|securitaires?|dou(?:x|ces?)|chere?s?)"
    r" (?:que |qu')"
    r"|\b(?:more|as|less) (?:effective|strong|powerful|potent|safe|expensive|gentle) (?:than|as)\b"
    r"|\b(?:contrairement|superieure?s?|inferieure?s?|equivalente?s?|comparable) (?:a|au|aux) "
    r"|\b(?:superior|inferior|equivalent) to\b"
    r"|\bcomparee?s? (?:a|au|aux) |\bpar rapport (?:a|au|aux) |\bcompared (?:to|with)\b"
    r"|\b(?:plutot que|plutot qu'|au lieu d[eu']|au lieu des|instead of|rather than|unlike|remplace|replaces?)"
    rf" ?(?:le |la |les |l'|du |un |une |the )?{_OTHER}"
)

Search = Callable[[str, list[Span]], Iterator[Span]]


def _with_products(pattern: str) -> Search:
    """Each product stands as one mark in the text that is searched, as long as its name."""
    compiled = re.compile(pattern.replace("PRODUCT", "\x00+"))

    def find(folded: str, products: list[Span]) -> Iterator[Span]:
        marked = folded
        for start, end in products:
            marked = marked[:start] + "\x00" * (end - start) + marked[end:]
        return (found.span() for found in compiled.finditer(marked))

    return find


_effects = _with_products(rf"{_IT}{_BY_THE_WAY} (?:{_DOES}\b{_NO_TREATMENT})|{_AIMS}|{_PRAISES}")
_safety = _with_products(_SAFETY)
_for_whom = _with_products(_WHOM)
_comparisons = _with_products(_BESIDE)
_SENTENCE = re.compile(r"[^.!?…\n]+")


def claims(text: str, around: Around) -> Iterator[Span]:
    """What is said of the product that a reply names: its effect, its safety, an illness."""
    mine = naming.own_products(text, around)
    if not mine:
        return
    folded, named = _folded(text), naming.products(text, around)
    found = [*_effects(folded, named), *_safety(folded, named), *_sure(text), *illnesses(text)]
    if found:
        yield from (span for span in mine if not any(naming.overlap(span, other) for other in found))
    yield from found


def links(text: str, around: Around) -> Iterator[Span]:
    """The product, named below words of an illness."""
    return iter(naming.own_products(text, around) if any(illnesses(around.thread)) else [])


def echoes(text: str, around: Around) -> Iterator[Span]:
    """The effect of a product that only the thread names."""
    if naming.own_products(around.thread, around) and not naming.own_products(text, around):
        folded, named = _folded(text), naming.products(text, around)
        yield from _effects(folded, named)
        yield from _comparisons(folded, named)


def persons_and_doses(text: str, around: Around) -> Iterator[Span]:
    return _in_its_sentences(text, around, _for_whom)


def comparisons(text: str, around: Around) -> Iterator[Span]:
    return _in_its_sentences(text, around, _comparisons)


def _sure(text: str) -> Iterator[Span]:
    """Not “sur”, which it is without its accent."""
    return (found.span() for found in re.finditer(r"(?i)\b(?:est|sont|très|plus|parfaitement|tout à fait) sûrs?\b", text))


def illnesses(text: str) -> Iterator[Span]:
    return (found.span() for found in _ILLNESS.finditer(_folded(text)))


def _in_its_sentences(text: str, around: Around, find: Search) -> Iterator[Span]:
    mine = naming.own_products(text, around)
    if not mine:
        return
    sentences = [found.span() for found in _SENTENCE.finditer(text)]
    its = [(start, end) for start, end in sentences if any(start <= at < end for at, _end in mine)]
    for span in find(_folded(text), naming.products(text, around)):
        if any(start <= span[0] < end for start, end in its):
            yield span


def _folded(text: str) -> str:
    return Text(text).folded
