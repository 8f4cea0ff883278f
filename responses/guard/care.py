"""A dose by the day, what is called normal, a diagnosis, a judgement of what caused harm: the words they are made of. Pure."""

ADVISES = (
    r"\b\d+(?:[.,]\d+)? ?(?:mg|mcg|µg|ml|comprimés?|tablets?|capsules?) "
    r"(?:par jour|aux|toutes les|chaque|daily|a day|per day|every|twice|once)"
    r"|c'est (?:tout à fait |bien )?normal\b|rien de grave|ce n'est pas grave|c'est pas grave"
    r"|that(?:'s| is) (?:perfectly |totally )?normal|nothing serious|it(?:'s| is) not serious"
)

_ILLNESS = (
    "(?:"
    + "|".join(
        [
            r"infections?|allerg(?:ies?|y)|réactions? allergiques?|allergic reactions?|otites?|ear infections?|grippe|flu",
            r"rhume|cold|bronchite|bronchitis|pneumonies?|pneumonia|gastro|eczéma|eczema|zona|shingles|migraines?|sinusites?|sinusitis",
            r"intoxications?|food poisoning|cystite|angine|strep throat",
        ]
    )
    + ")"
)
_PERHAPS = r"(?:(?:probablement|sûrement|certainement|sans doute|peut-être|clairement) )?"
_MAYBE = r"(?:(?:probably|likely|surely|clearly|most likely|just) )?"
_A = r"(?:une? |la |le |l'|de l'|du )?(?:petite? |début d'une? )?"
_AN = r"(?:an? |the )?"
DIAGNOSES = "|".join(
    [
        rf"(?<!si )(?<!quand )(?<!que )\bvous (?:avez|faites) {_PERHAPS}{_A}{_ILLNESS}",
        rf"\b(?:ça|cela) (?:ressemble à|a l'air d'|a l'air de) ?{_A}{_ILLNESS}",
        rf"\bc'est {_PERHAPS}{_A}{_ILLNESS}",
        rf"(?<!if )(?<!when )(?<!do )\byou {_MAYBE}have {_MAYBE}{_AN}{_ILLNESS}",
        rf"\b(?:looks|sounds) like {_AN}{_ILLNESS}",
        rf"\b(?:it's|it is|that's|that is) {_MAYBE}{_AN}{_ILLNESS}",
    ]
)

_PRODUCT = (
    "(?:"
    + "|".join(
        [
            r"médicaments?|produits?|vaccins?|sirops?|traitements?|crèmes?|pilules?|comprimés?",
            r"medicines?|medications?|products?|vaccines?|pills?|creams?|drugs?",
        ]
    )
    + ")"
)
JUDGES_A_CAUSE = "|".join(
    [
        rf"\b(?:est|sont|était|soit) (?:pas )?{_PERHAPS}(?:causée?s?|provoquée?s?|d[ûu]e?s?|(?:re)?liée?s?) (?:par|à|aux?)\b",
        r"\bà cause (?:de|du|des|d')|\b(?:aucun|pas de|un|sans) (?:lien|rapport) avec\b|\bn'y est pour rien\b",
        r"\b(?:est|sont) (?:pas |bien )?en cause\b|\b(?:ça|cela) (?:ne )?(?:vient|provient) (?:pas )?(?:de|du|des|d')",
        r"\beffets? (?:secondaires?|indésirables?) (?:connus?|fréquents?|courants?|attendus?|norma(?:l|ux)|rares?|passagers?)",
        rf"\b{_PRODUCT} (?:ne )?(?:cause|provoque|donne)(?:nt)?\b",
        rf"\b(?:is|was|are|be|not) (?:not )?{_MAYBE}(?:caused by|due to|related to|linked to|because of)\b",
        rf"\b(?:it|that|this)'s (?:not )?{_MAYBE}(?:caused by|due to|related to|linked to|because of)\b",
        r"\bnothing to do with\b|\b(?:known|common|normal|expected|rare|usual) side effects?",
        rf"\b{_PRODUCT} (?:does not |doesn't |can |will )?causes?\b",
    ]
)
