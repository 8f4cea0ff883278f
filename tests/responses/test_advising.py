"""Which words of ours are advice on a treatment, and which only sound like it."""

import pytest

from responses import guard

ADVICE = """\
Prenez 2 Tylenol une heure avant.
Prenez du Tylenol au besoin.
Vous pouvez prendre de l’Advil.
Vous pouvez arrêter vos antibiotiques.
Prenez-en deux ce soir.
Take 2 Tylenol an hour before.
Arrêtez votre Eliquis la veille.
Stop your Eliquis.
Il peut prendre du Tempra.
Donnez-lui 5 ml.
You can take Advil.
Skip tonight’s dose.
Double your dose.
Continuez le…
Continuez votre Synthroid comme d’habitude.
Prenez deux comprimés.
Arrêtez votre médicament.
Doublez la dose.
Prends deux Advil pis viens nous voir.
Ben oui, prends ton Eliquis pareil.
Tu peux sauter ta dose de ce soir.
Tu peux arrêter tes pilules.
Arrête ton Coumadin deux jours avant.
Slaque pas ton Effexor.
Mets de la cortisone deux fois par jour.
Appliquez de la crème matin et soir.
Prendre 2 comprimés au coucher.
Ne prenez pas d’Advil avec ça.
N’arrêtez pas votre Eliquis.
Vous ne pouvez pas prendre d’Advil.
Coupez le comprimé en deux.
Coupez-le en deux.
Prenez la moitié de la dose.
Vous pouvez doubler la dose ce soir.
Mélangez le sirop avec du jus.
Je vous conseille de prendre un Reactine.
Il faut continuer l’antibiotique jusqu’au bout.
Il est sécuritaire de prendre du Gravol.
Évitez l’Advil.
Faites-lui prendre 5 ml de Tempra.
Votre fils peut prendre un demi-comprimé.
Je confirme que vous pouvez prendre de l’Advil.
Si vous avez mal, prenez une Aspirine.
Vous prenez deux comprimés ce soir, pas plus.
Prenez-le avec de la nourriture.
Arrêtez-le.
Sautez la prise de demain matin.
Augmentez votre insuline de deux unités.
Changez la dose.
Vous pouvez modifier votre traitement.
Il faut ajuster la posologie.
You can change your dose.
Prenez 2 Tylenol avant d’appeler.
Give her 5 ml of Tempra.
Don’t take Advil with it.
Do not stop your antibiotics.
Cut the pill in half.
You should skip your next dose.
You don’t need to take the antibiotic.
It is safe to take Tylenol.
He can take a Benadryl.
Your daughter can take half a tablet.
Feel free to take two Aleve.
Keep taking your Synthroid.
Apply the cream twice a day.
Take it with food.
For the pain, take an Advil.
Tonight take two Gravol.
Yes, you may mix the syrup with juice.
I would suggest taking a Reactine.
Stop it and take Tylenol instead.
Put the drops in both eyes.
Commencez par un demi-comprimé.
Prenez ça avec de l’eau.
Vous pouvez lui donner du Motrin.
Prends-en un avant de dormir.
""".splitlines()

NO_ADVICE = """\
Prenez rendez-vous.
Prenez rendez-vous pour votre vaccin.
Prenez soin de vous.
Prenez deux minutes pour nous écrire.
Prenez-en note.
Prenez votre temps.
Prenez la liste de vos médicaments avec vous.
Prenez une photo de votre flacon.
Arrêtez nous voir.
Arrêtez-vous au comptoir.
Vous pouvez prendre votre commande.
Vous pouvez prendre votre commande à partir de 14 h.
Vous pouvez passer prendre vos médicaments.
Vous pouvez prendre un numéro et attendre.
Continuez à nous écrire.
Continuez votre beau travail.
Take care.
Stop by.
Stop by for your vaccine.
Take the second exit.
Take two minutes to tell us more.
Take a picture of the bottle.
You can take your time.
Give us a call about your medication.
Donnez-nous un coup de fil au sujet de votre médicament.
Donnez-nous le nom de votre médicament.
Appelez avant d’arrêter votre médicament.
Ne changez rien sans parler à votre pharmacien.
N’arrêtez pas votre médicament sans parler à un pharmacien.
Ne prenez rien avant d’en parler à votre pharmacien.
Don’t stop your medication without talking to a pharmacist.
Call us before you take Tylenol.
Appelez-nous avant de prendre du Tylenol.
Un pharmacien vous dira si vous pouvez prendre de l’Advil.
A pharmacist will tell you if you can take Advil.
Prenez-vous des médicaments?
Vous prenez des médicaments?
Do you take any medication?
Si vous prenez de l’Eliquis, dites-le au pharmacien.
If you take Eliquis, tell the pharmacist.
Le médicament que vous prenez est en rupture.
Notre pharmacien donne les vaccins le mardi.
Our pharmacists give vaccines on Tuesdays.
Nous pouvons mettre vos médicaments de côté.
We can hold your medication until Friday.
Utilisez notre application pour renouveler vos médicaments.
Mettez votre nom sur la liste.
On continue de préparer vos médicaments.
Gardez vos médicaments hors de la portée des enfants.
Rapportez vos médicaments périmés.
Double-check the address.
Commencez par appeler la pharmacie.
Take the bus to our door.
Try again in two hours.
Il faut prendre rendez-vous pour un vaccin.
Nous pouvons vous donner votre vaccin mardi.
You can use our app to refill your medication.
Utilisez le lien pour réserver votre vaccin.
Take advantage of our free delivery.
Pour changer votre ordonnance de pharmacie, appelez-nous.
Vous pouvez changer votre rendez-vous de vaccin.
Pour modifier votre commande de médicaments, appelez-nous.
You can change your refill date online.
Seul un pharmacien peut changer un traitement.
Ne modifiez pas la dose sans parler à un pharmacien.
""".splitlines()


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("text", ADVICE)
def test_who_may_not_advise_on_a_treatment_sends_no_advice(text, public):
    assert ("advice", guard.Level.BLOCK) in {(found.code, found.level) for found in guard.check(text, public=public)}


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("text", NO_ADVICE)
def test_what_only_sounds_like_advice_passes(text, public):
    assert "advice" not in {found.code for found in guard.check(text, public=public)}


def test_advice_is_found_inside_an_answer_and_where_it_stands():
    text = "Bonjour Œdipe, merci! Prenez 2 Tylenol une heure avant. À demain!"
    (found,) = [found for found in guard.check(text, public=False) if found.code == "advice"]
    assert text[slice(*found.span)] == "Prenez 2 Tylenol"
