"""Adverse events, on sentences written for them: recall first, and few false ones among their look-alikes."""

import json
from pathlib import Path

import pytest

from inbox.triage import read, safety
from inbox.triage.findings import Context, Finding, Urgency
from inbox.triage.text import Text

WRITTEN = [json.loads(line) for line in (Path(__file__).parent / "written_adverse_events.jsonl").open(encoding="utf-8")]
EVENTS = [row for row in WRITTEN if row["adverse_event"]]
OTHERS = [row for row in WRITTEN if not row["adverse_event"]]


def adverse(text: str, **context: object) -> list[Finding]:
    return [finding for finding in safety.find(Text(text), Context(**context)) if finding.type == "adverse_event"]


def test_nearly_every_adverse_event_is_found():
    missed = [row["text"] for row in EVENTS if not adverse(row["text"])]
    assert len(missed) <= 0.05 * len(EVENTS), missed


def test_few_look_alikes_are_taken_for_adverse_events():
    taken_for = [row["text"] for row in OTHERS if adverse(row["text"])]
    assert len(taken_for) <= 0.05 * len(OTHERS), taken_for


def test_the_criteria_of_seriousness_ask_for_attention_now():
    serious = [row["text"] for row in EVENTS if "serious" in row["labels"]]
    missed = [
        text for text in serious if not any(finding.serious and finding.urgency is Urgency.NOW for finding in adverse(text))
    ]
    assert serious and not missed


@pytest.mark.parametrize("label", ["pregnancy", "lack_of_effect", "counterfeit"])
def test_special_situations_are_named(label):
    rows = [row["text"] for row in EVENTS if label in row["labels"]]
    named = [text for text in rows if any(finding.special == label for finding in adverse(text))]
    assert len(named) >= 0.8 * len(rows), set(rows) - set(named)


def test_every_finding_shows_the_words_that_made_it():
    text = "Depuis que je prends du Champix, je fais des cauchemars"
    [finding] = adverse(text)
    assert {cue.kind: text[cue.start : cue.end] for cue in finding.cues} == {
        "event": "cauchemars",
        "link": "Depuis que je prends",
        "product": "Champix",
        "person": "je",
    }
    assert text[finding.start : finding.end] == text


def test_the_organizations_own_products_are_products():
    text = "Le Brumélia, c'est pour quand? Ma fille a des plaques"
    assert not adverse(text)
    text = "Ma fille a des plaques partout, c'est à cause de Brumélia"
    [finding] = adverse(text, products=("Brumélia",))
    assert "Brumélia" in [text[cue.start : cue.end] for cue in finding.cues if cue.kind == "product"]
    text = "Ma fille a des plaques partout, c'est à cause du Lait  d'été"
    assert adverse(text, products=("Lait", "Lait d’Été"))
    assert not adverse("Le laitier, c'est pour quand? Ma fille a des plaques", products=("Lait",))


def test_what_is_only_asked_of_a_product_is_no_event():
    assert not adverse("Est-ce que l'Ozempic donne mal au coeur?")
    assert adverse("Est-ce que c'est l'Ozempic qui me donne mal au coeur?")


@pytest.mark.parametrize(
    "text",
    [
        "The internet says Lipitor melts your muscles, I haven't opened the bottle",
        "Le sirop de ma tante endort raide, elle l'a pas encore pris",
        "La Metformin me vire les intestins rien qu'à y penser, j'ai pas commencé",
    ],
)
def test_what_nobody_has_taken_yet_did_nothing(text):
    assert not adverse(text)


def test_what_a_product_costs_is_not_what_it_does():
    assert adverse("Votre Humira m'a donné de l'urticaire")
    assert not adverse("La facture du Humira m'a donné de l'urticaire")
    assert not adverse("The bill for my Trulicity gave me hives")


def test_who_sleeps_well_of_what_is_taken_to_sleep_praises_it():
    assert adverse("Nytol left me groggy")
    assert not adverse("Nytol left me groggy, I slept like a baby, amazing")


def test_nobody_is_ill_of_a_product_that_is_not_named_without_having_taken_something():
    assert not adverse("Depuis ma chute en ski j'ai l'épaule enflée pis bleue, faites-vous des massages")


def test_what_happens_in_a_film_happens_to_nobody():
    assert adverse("Ma soeur a pris trop de Tylenol")
    assert not adverse("Dans la série, la soeur a pris trop de Tylenol")


def test_what_is_asked_for_an_illness_did_not_bring_it():
    assert not adverse("Mon bébé fait de la fièvre, ça a commencé hier. Tempra ou Motrin?")
    assert not adverse("mon rhume me donne mal à la tête, le Tylenol c'est bon?")
    assert adverse("Le Tylenol me donne des maux de tête atroces, suis-je la seule?")


def rules_of(text: str) -> set[str]:
    return {finding.rule for finding in read(text, Context()).findings if finding.type == "adverse_event"}


def test_who_wants_to_die_since_a_medicine_began_is_an_event_and_pills_put_aside_are_none():
    assert "AE-darkened" in rules_of("They put me on Keppra in May and I want to kill myself")
    assert "AE-darkened" in rules_of("J'ai commencé le Champix en mars pis je veux me tuer")
    assert not rules_of("Mon frère a mis de côté toutes ses pilules pis y veut se tuer")


def test_a_product_may_be_the_heading_of_what_it_did():
    assert adverse("Saxenda: deux semaines de diarrhée")
    assert not adverse("Imodium: c'est bon pour deux jours de diarrhée?")


def test_a_child_that_helped_itself_is_an_event():
    assert adverse("Mon gars de 2 ans s'est calé la bouteille de Benadryl")


def test_expecting_a_child_while_taking_something_is_one_though_all_is_well():
    assert adverse("Enceinte de 15 semaines, on m'a mise sur du Celexa, tout va à merveille")


@pytest.mark.parametrize(
    "text",
    [
        "Mes souliers attachent pu depuis le Norvasc",
        "I sign my cheques like an earthquake, it's the lithium",
        "l'ancienne sorte me tenait jusqu'au matin, celle-ci me lâche à minuit",
    ],
)
def test_what_is_told_sideways_is_found(text):
    assert adverse(text)


def test_what_befalls_a_pet_is_nobodys_event_however_it_is_told():
    assert not adverse("Le chat dort debout depuis ses gouttes, il rate le divan")


def test_who_has_not_dared_to_begin_tells_no_event_though_a_child_is_at_the_breast():
    assert adverse("J'allaite et je prends du Zoloft depuis mardi")
    assert not adverse("J'allaite, le Zoloft, la boîte est encore scellée")
    assert not adverse("Nursing, terrified to start the Zoloft they gave me")


def test_the_only_thing_that_changed_is_what_did_it():
    assert "AE-whenever" in rules_of("Des plaques plein le cou, la seule affaire de neuve c'est le shampoing")
    assert not adverse("La seule affaire de neuve au comptoir c'est le shampoing")


def test_what_was_meant_to_be_another_and_is_taken_reached_somebody():
    assert adverse("Je prends du Norvasc depuis dimanche, c'était supposé être du Nexium")


@pytest.mark.parametrize(
    ("event", "other"),
    [
        ("Avec le Dupixent mon eczéma me gratte jusqu'au sang", "Avant le Dupixent mon eczéma me grattait jusqu'au sang"),
        ("Since my Botox my migraines knock me out", "Before the Botox my migraines knocked me out every week"),
        ("Ma nièce a fait une grosse réaction au Bactrim", "Ma nièce a fait une grosse réaction aux crevettes, vaccin ou pas?"),
        ("Le Viagra me donne mal au coeur", "Vos annonces de Viagra me donnent mal au coeur"),
        ("I'm stiff since starting Lipitor on Sunday", "I'm stiff since raking on Sunday, do you sell Voltaren?"),
        ("this antihistamine makes me drowsy", "which antihistamine won't make me drowsy"),
        ("Mon capteur Libre m'a fait une plaque rouge", "Mon capteur Libre s'est décollé sous la douche, encore un"),
        ("Elle a recraché son Clavulin, des plaques partout", "Elle refuse de prendre son Clavulin, une autre saveur?"),
        (
            "Le médecin a arrêté son Norvasc parce qu'elle enflait des pieds",
            "Elle prend du Lasix parce qu'elle enflait des pieds",
        ),
        ("On Ventolin since June and now she wheezes more", "She takes Ventolin because she wheezes after gym"),
        (
            "Ça faisait des années que je dormais bien. Le Concerta me tient réveillée, des palpitations en plus",
            "Ça faisait des années que je me grattais. Ma dermato m'a mise sur Zolvaria, je porte des shorts",
        ),
        ("Two weeks of nausea on Contrave", "Three years of migraines, then Nuvexa gave me my life back"),
        ("La cortisone m'a fait enfler", "La cortisone fait enfler, c'est écrit partout"),
        ("Votre onguent donne des plaques à mon bébé", "Une collègue prétend que la pilule cause le cancer du sein"),
        (
            "The pills in the wrong slot made me woozy all morning",
            "The pills were in the wrong slot but I spotted it at breakfast, didn't take them",
        ),
        ("Le fentanyl m'a viré à l'envers, je vomis", "Le reportage d'hier sur le fentanyl m'a viré à l'envers"),
        ("I have hives since the amoxicillin", "My knees are sore since the half marathon on Sunday, is Voltaren better?"),
        ("Ma fille a mangé une pilule de mon chat, elle dort depuis", "Mon chat a mangé une pilule de ma fille, y dort depuis"),
        (
            "Enceinte de 28 semaines, je prends du Paxil",
            "Enceinte de 28 semaines. Le vaccin de la coqueluche, est-ce que je prends ça chez vous?",
        ),
        ("Votre fer me constipe", "Je cherche un fer qui constipe pas"),
        (
            "Le Lyrica me donne des étourdissements",
            "En lisant le feuillet du Lyrica je vois étourdissements, faut-tu que je m'inquiète?",
        ),
    ],
)
def test_what_was_there_before_or_came_of_something_else_is_no_event(event, other):
    assert adverse(event)
    assert not adverse(other)


def test_who_turned_ill_after_what_came_before_is_one():
    assert adverse("Avant le Crestor j'allais bien, maintenant j'ai des crampes")


def test_a_contraceptive_that_failed_is_one_and_one_that_was_stopped_did_not_fail():
    assert "AE-contraceptive-failed" in rules_of("Tombée enceinte sous Alesse, jamais manqué une pilule")
    assert "AE-contraceptive-failed" not in rules_of("J'ai arrêté ma pilule pis je suis tombée enceinte")


@pytest.mark.parametrize(
    ("rule", "event", "other"),
    [
        (
            "AE-looking-back",
            "Kyleena posé au printemps, des crampes sans arrêt depuis.",
            "Des crampes sans arrêt depuis. Kyleena, ça aide?",
        ),
        (
            "AE-looking-back",
            "Ma mère prend Crestor, elle a des crampes avec",
            "Mon chien prend du Metacam, il a de la diarrhée avec",
        ),
        ("AE-looking-back", "Le DIN 02242903, mon père a des crampes avec", "Le lot 02242903, mon père a des crampes avec"),
        ("AE-while-taking", "J'ai des plaques partout!! Amoxil depuis hier", "J'ai des plaques partout depuis hier!! Amoxil?"),
        ("AE-headed", "Metformine = diarrhée", "Metformine = 12 $ la boîte"),
        (
            "AE-since",
            "Depuis que je prend du fer, constipation pas possible",
            "Depuis que je prend du fer, ça me constipe pas",
        ),
    ],
)
def test_an_event_may_be_told_before_or_beside_what_it_came_of(rule, event, other):
    assert rule in rules_of(event)
    assert rule not in rules_of(other)


@pytest.mark.parametrize("beside", ["Can you add the allergy to his file? 613-555-0133", "Can I book an appointment Tuesday?"])
def test_what_is_said_beside_it_of_a_file_or_an_appointment_takes_nothing_back(beside):
    assert adverse(f"My son broke out in hives after the amoxicillin. {beside}")


def test_what_stopped_and_what_is_only_asked_for_is_no_event():
    assert not adverse("Ma plaie a arrêté de saigner, merci Polysporin")
    assert not adverse("Scratchy throat and a cough since Sunday. Lozenge?")
    assert adverse("Ma fille a arrêté de respirer après son Advil")
