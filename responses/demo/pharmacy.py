"""A pharmacy group, with a clinic."""

from accounts.access import Role
from accounts.models import Organization
from responses.demo.houses import House, Page, Person, Place

WEEK = ("mon", "tue", "wed", "thu", "fri")
LONG = {day: [["08:30", "21:00"]] for day in WEEK} | {"sat": [["09:00", "18:00"]], "sun": [["10:00", "17:00"]]}
SHORT = {day: [["09:00", "19:00"]] for day in WEEK} | {"sat": [["09:00", "17:00"]]}
CLINIC = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WEEK}
SITE = "https://erables.example"

STOCKINGS = {
    "name_fr": "Bas de compression",
    "name_en": "Compression stockings",
    "words": ["bas de compression", "bas support", "compression stocking", "compression sock"],
}
PLACES = [
    Place(
        slug="vieux-quai",
        name="Pharmacie du Vieux-Quai",
        short_name="Vieux-Quai",
        phone="418 555-0101",
        address="12, rue du Quai, Villefictive",
        signature="L’équipe du Vieux-Quai",
        hours=LONG,
        counter="aline",
    ),
    Place(
        slug="rue-du-moulin",
        name="Pharmacie Rue du Moulin",
        short_name="Rue du Moulin",
        phone="418 555-0102",
        address="240, rue du Moulin, Villefictive",
        signature="L’équipe de la rue du Moulin",
        hours=SHORT,
        counter="aline",
    ),
    Place(
        slug="clinique-des-erables",
        name="Clinique des Érables",
        short_name="Érables",
        phone="418 555-0103",
        address="5, place des Érables, Villefictive",
        signature="L’équipe de la Clinique des Érables",
        hours=CLINIC,
        counter="hugo",
    ),
]
PEOPLE = [
    Person("aline", "Aline Exemple", Role.STAFF, ["vieux-quai", "rue-du-moulin"]),
    Person("hugo", "Hugo Modèle", Role.STAFF, ["clinique-des-erables"]),
    Person("bruno", "Bruno Fictif", Role.PHARMACIST, phone="418 555-0141"),
    Person("chantal", "Chantal Démo", Role.MANAGER, phone="418 555-0142"),
    Person("diane", "Diane Specimen", Role.COMPLIANCE),
    Person("emile", "Émile Gabarit", Role.PRIVACY),
    Person("florence", "Florence Essai", Role.AUDITOR),
    Person("gaston", "Gaston Maquette", Role.ADMIN),
]
VIEUX_QUAI = Page("facebook", "vieux-quai", "100200300400501", "Pharmacie du Vieux-Quai", "dev-token-fb-vieux-quai")
GOOGLE = Page(
    "google",
    "vieux-quai",
    "locations/900511",
    "Pharmacie du Vieux-Quai",
    "dev-refresh-google-quai",
    settings={"account": "accounts/900501"},
    site="accounts/900501/locations/900511",
)
BLOG = Page(
    "wordpress",
    "vieux-quai",
    "{simulator}/sites/blogue-vieux-quai",
    "Le blogue du Vieux-Quai",
    "devwordpressvieuxquai",
    settings={"user": "comptoir"},
    site="https://blogue.vieux-quai.example",
)
CLINIC_SITE = Page(
    "website",
    "clinique-des-erables",
    "demo-erables",
    "Site de la Clinique des Érables",
    "dev-secret-of-the-site-of-the-clinique-des-erables",
    settings={"site": SITE, "callback_url": "{simulator}/sites/erables/comptoir/"},
    site=SITE,
)
PAGES = [
    VIEUX_QUAI,
    Page("facebook", "rue-du-moulin", "100200300400502", "Pharmacie Rue du Moulin", "dev-token-fb-moulin"),
    Page("facebook", "clinique-des-erables", "100200300400503", "Clinique des Érables", "dev-token-fb-erables"),
    Page("instagram", "vieux-quai", "17841400000000501", "pharmacie.vieuxquai", "dev-token-ig-vieux-quai"),
    Page("instagram", "rue-du-moulin", "17841400000000502", "pharmacie.moulin", "dev-token-ig-moulin"),
    Page("linkedin", "vieux-quai", "urn:li:organization:9000501", "Groupe Pharmacie du Quai", "dev-token-li-quai"),
    Page(
        "whatsapp",
        "vieux-quai",
        "990011002200501",
        "Pharmacie du Vieux-Quai",
        "dev-token-wa-vieux-quai",
        settings={"waba_id": "880011002200501"},
    ),
    GOOGLE,
    BLOG,
    CLINIC_SITE,
]
HOUSE = House(
    name="Groupe Pharmacie du Quai",
    slug="groupe-du-quai",
    kind=Organization.Kind.PHARMACY,
    places=PLACES,
    people=PEOPLE,
    pages=PAGES,
    topic=STOCKINGS,
    products=["Baume du Quai"],
    conversations="conversations.json",
    templates="templates.json",
    causes=["nobody_on_duty", "not_seen", "waited_for_pharmacist", "heard_late"],
    reviewed="Revu en réunion d’équipe; la garde du soir regarde maintenant la boîte à 20 h.",
)
