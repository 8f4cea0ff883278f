"""A drug maker: its own products, reports that it owes, and a second place where the clock tells another time."""

from accounts.access import Role
from accounts.models import Organization, Province
from responses.demo.houses import House, Page, Person, Place

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {day: [["08:30", "16:30"]] for day in WEEK}
SITE = "https://laboratoires-fictifs.example"

INVESTORS = {
    "name_fr": "Investisseurs",
    "name_en": "Investors",
    "words": ["investisseur", "actionnaire", "dividende", "résultats financiers", "investor", "shareholder", "dividend"],
}
PLACES = [
    Place(
        slug="siege",
        name="Laboratoires Fictifs, siège social",
        short_name="Siège social",
        phone="418 555-0151",
        address="700, boulevard de la Maquette, Villefictive",
        signature="L’équipe des Laboratoires Fictifs",
        hours=OFFICE,
        counter="irene",
        site=SITE,
        confirmed=1,
    ),
    Place(
        slug="atlantique",
        name="Laboratoires Fictifs, bureau de l’Atlantique",
        short_name="Atlantique",
        phone="506 555-0152",
        address="31, rue du Gabarit, Moncton",
        signature="L’équipe des Laboratoires Fictifs en Atlantique",
        hours=OFFICE,
        counter="jacob",
        time_zone="America/Moncton",
        province=Province.NEW_BRUNSWICK,
        site=SITE,
        confirmed=0,
    ),
]
PEOPLE = [
    Person("irene", "Irène Exemple", Role.STAFF),
    Person("jacob", "Jacob Modèle", Role.STAFF, ["atlantique"]),
    Person("karine", "Karine Fictive", Role.PHARMACIST, phone="418 555-0153"),
    Person("laurent", "Laurent Démo", Role.MANAGER, phone="418 555-0154"),
    Person("maude", "Maude Specimen", Role.COMPLIANCE),
    Person("norbert", "Norbert Maquette", Role.ADMIN),
]
PAGES = [
    Page(
        "facebook",
        "siege",
        "100200300400601",
        "Laboratoires Fictifs",
        "dev-token-fb-fictifs",
        username="laboratoiresfictifs",
        welcome="Bienvenue sur la page des Laboratoires Fictifs.",
    ),
    Page(
        "facebook",
        "atlantique",
        "100200300400602",
        "Laboratoires Fictifs – Atlantique",
        "dev-token-fb-fictifs-atlantique",
        username="laboratoiresfictifsatlantique",
        welcome="Bienvenue! Welcome to the Atlantic page of Laboratoires Fictifs.",
    ),
    Page(
        "linkedin",
        "siege",
        "urn:li:organization:9000601",
        "Laboratoires Fictifs",
        "dev-token-li-fictifs",
        username="laboratoires-fictifs",
        welcome="Les Laboratoires Fictifs sont sur LinkedIn.",
    ),
    Page(
        "website",
        "siege",
        "demo-fictifs",
        "Site des Laboratoires Fictifs",
        "dev-secret-of-the-site-of-the-laboratoires-fictifs",
        settings={"site": SITE, "callback_url": "{simulator}/sites/fictifs/comptoir/"},
        site=SITE,
        username="fictifs",
        welcome="Bienvenue sur notre nouveau site.",
    ),
]
HOUSE = House(
    name="Laboratoires Fictifs",
    slug="laboratoires-fictifs",
    kind=Organization.Kind.MANUFACTURER,
    places=PLACES,
    people=PEOPLE,
    pages=PAGES,
    topic=INVESTORS,
    products=["Fictinol", "Démocrème", "Stylo Exempla"],
    conversations="maker.json",
    templates="maker.json",
    causes=["not_seen", "nobody_on_duty"],
    reviewed="Revu avec l’équipe : le siège regarde aussi la page de l’Atlantique en fin de journée.",
)
