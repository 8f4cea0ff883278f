"""What a message seems to ask about: a hint that orders the templates, never a decision. Pure."""

import re
from functools import cache

from inbox.triage.lexicons import fold

# Beginnings of folded words, or of two words. A person writes “l’heure”, “vaccins”, “renouvellement”.
_HINTS = {
    "hours": "ouvert heure ferme fermez open hours close holiday ferie",
    "location": "adresse stationn parking situe ou_etes ou_est where_are address",
    "vaccine": "vaccin dose_de flu_shot zona shingrix grippe covid shot rappel",
    "appointment": "rendez rdv appointment reserver book plage cancel annuler deplacer",
    "stock": "stock reste_t avez_vous_encore en_avez still_have do_you_have disponible available rupture trousse inventaire",
    "price": "prix combien cout price cost how_much cher",
    "insurance": "assur ramq insur couver cover",
    "billing": "factur charged bill rembours refund recu",
    "refill": "renouvel refill ordonnance prescription",
    "order_status": "pret commande ready order attends",
    "delivery": "livr deliver",
    "callback": "rappeler rappelez call_me call_back repond",
    "medical_question": "puis_je_prendre est_ce_que_je_peux can_i_take symptome fievre dose melange enceinte pregnant dosage",
    "adverse_event": "effet_secondaire side_effect depuis_que rash plaques reaction allerg vomi",
    "complaint": "decu plainte inacceptable honte worst terrible jamais_vu service_horrible unacceptable complain",
    "compliment": "merci bravo excellent thank great wonderful super_service gentil",
    "job": "emploi poste embauch job hiring career cv stage",
    "privacy_request": "mes_donnees supprimer my_data loi_25 delete_my renseignements_personnels",
    "service_info": "offrez service test offer voyage",
}


@cache
def _pattern(topic: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(hint.replace("_", r"\W") for hint in _HINTS[topic].split()) + ")")


def hinted(text: str) -> list[str]:
    """The topics a text hints at, the strongest first."""
    folded = fold(text)
    weights = {topic: len(set(_pattern(topic).findall(folded))) for topic in _HINTS}
    return sorted((topic for topic, weight in weights.items() if weight), key=lambda topic: -weights[topic])
