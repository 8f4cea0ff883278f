"""Who works at the demo group, where, and which pages it has connected."""

from datetime import datetime
from typing import Any

from accounts.access import Role
from accounts.locations import days
from accounts.models import Location, Membership, Organization, SpecialDay, User
from accounts.sign_in.development import DEMO_ADDRESS
from accounts.team import duty
from inbox import channels
from inbox.waits import policies

WEEK = ("mon", "tue", "wed", "thu", "fri")
LONG = {day: [["08:30", "21:00"]] for day in WEEK} | {"sat": [["09:00", "18:00"]], "sun": [["10:00", "17:00"]]}
SHORT = {day: [["09:00", "19:00"]] for day in WEEK} | {"sat": [["09:00", "17:00"]]}
CLINIC = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WEEK}

LOCATIONS: list[tuple[str, str, str, str, str, str, dict[str, list[list[str]]]]] = [
    # slug, name, short name, phone, address, signature, hours
    (
        "vieux-quai",
        "Pharmacie du Vieux-Quai",
        "Vieux-Quai",
        "418 555-0101",
        "12, rue du Quai, Villefictive",
        "L’équipe du Vieux-Quai",
        LONG,
    ),
    (
        "rue-du-moulin",
        "Pharmacie Rue du Moulin",
        "Rue du Moulin",
        "418 555-0102",
        "240, rue du Moulin, Villefictive",
        "L’équipe de la rue du Moulin",
        SHORT,
    ),
    (
        "clinique-des-erables",
        "Clinique des Érables",
        "Érables",
        "418 555-0103",
        "5, place des Érables, Villefictive",
        "L’équipe de la Clinique des Érables",
        CLINIC,
    ),
]
PEOPLE = [
    # address, name, role, locations (none: all)
    ("aline", "Aline Exemple", Role.STAFF, ["vieux-quai", "rue-du-moulin"]),
    ("hugo", "Hugo Modèle", Role.STAFF, ["clinique-des-erables"]),
    ("bruno", "Bruno Fictif", Role.PHARMACIST, []),
    ("chantal", "Chantal Démo", Role.MANAGER, []),
    ("diane", "Diane Specimen", Role.COMPLIANCE, []),
    ("emile", "Émile Gabarit", Role.PRIVACY, []),
    ("florence", "Florence Essai", Role.AUDITOR, []),
    ("gaston", "Gaston Maquette", Role.ADMIN, []),
]
PHONES = {"bruno": "418 555-0141", "chantal": "418 555-0142"}
CHANNELS = {
    # key of the seeds: platform, location, the page's id, name, token
    "facebook:vieux-quai": ("facebook", "vieux-quai", "100200300400501", "Pharmacie du Vieux-Quai", "dev-token-fb-vieux-quai"),
    "facebook:rue-du-moulin": ("facebook", "rue-du-moulin", "100200300400502", "Pharmacie Rue du Moulin", "dev-token-fb-moulin"),
    "facebook:clinique-des-erables": (
        "facebook",
        "clinique-des-erables",
        "100200300400503",
        "Clinique des Érables",
        "dev-token-fb-erables",
    ),
    "instagram:vieux-quai": ("instagram", "vieux-quai", "17841400000000501", "pharmacie.vieuxquai", "dev-token-ig-vieux-quai"),
    "instagram:rue-du-moulin": ("instagram", "rue-du-moulin", "17841400000000502", "pharmacie.moulin", "dev-token-ig-moulin"),
    "linkedin:vieux-quai": (
        "linkedin",
        "vieux-quai",
        "urn:li:organization:9000501",
        "Groupe Pharmacie du Quai",
        "dev-token-li-quai",
    ),
}
# What connects them is an address on the simulator; no story is told there, but anybody can write.
SITE, SITE_KEY, SITE_SECRET = "https://erables.example", "demo-erables", "dev-secret-of-the-site-of-the-clinique-des-erables"


def _elsewhere(simulator: str) -> list[dict[str, Any]]:
    """The channels that need more than an identifier and a token."""
    return [
        {
            "platform": "whatsapp",
            "location": "vieux-quai",
            "external_id": "990011002200501",
            "name": "Pharmacie du Vieux-Quai",
            "token": "dev-token-wa-vieux-quai",
            "settings": {"waba_id": "880011002200501"},
        },
        {
            "platform": "google",
            "location": "vieux-quai",
            "external_id": "locations/900511",
            "name": "Pharmacie du Vieux-Quai",
            "token": "dev-refresh-google-quai",
            "settings": {"account": "accounts/900501"},
        },
        {
            "platform": "wordpress",
            "location": "vieux-quai",
            "external_id": f"{simulator}/sites/blogue-vieux-quai",
            "name": "Le blogue du Vieux-Quai",
            "token": "devwordpressvieuxquai",
            "settings": {"user": "comptoir"},
        },
        {
            "platform": "website",
            "location": "clinique-des-erables",
            "external_id": SITE_KEY,
            "name": "Site de la Clinique des Érables",
            "token": SITE_SECRET,
            "settings": {"site": SITE, "callback_url": f"{simulator}/sites/erables/comptoir/"},
        },
    ]


def hire(simulator: str, *, now: datetime) -> tuple[Organization, dict[str, Membership]]:
    """Found the group, with its locations, people and pages; return the people by the first part of their address."""
    organization = Organization.objects.create(
        name="Groupe Pharmacie du Quai", slug="groupe-du-quai", kind=Organization.Kind.PHARMACY
    )
    policies.create(organization, now=now)
    places = {location[0]: _open(organization, *location) for location in LOCATIONS}
    people = {
        address: _hire(organization, address, name, role, [places[slug] for slug in at]) for address, name, role, at in PEOPLE
    }
    for place in places.values():
        duty.put(place, [people["bruno"]], by=people["chantal"], now=now)
        _confirm(place, by=people["gaston"], now=now)
    for platform, slug, external_id, name, token in CHANNELS.values():
        channels.connect(places[slug], platform, external_id=external_id, name=name, token=token, by=people["gaston"], now=now)
    for each in _elsewhere(simulator):
        channels.connect(places[each.pop("location")], **each, by=people["gaston"], now=now)
    return organization, people


def _open(
    organization: Organization,
    slug: str,
    name: str,
    short: str,
    phone: str,
    address: str,
    signature: str,
    hours: dict[str, list[list[str]]],
) -> Location:
    site = f"https://{slug}.example.com"
    return Location.objects.create(
        organization=organization,
        slug=slug,
        name=name,
        short_name=short,
        phone=phone,
        address=address,
        signature=signature,
        opening_hours=hours,
        booking_url=f"{site}/rendez-vous",
        hours_url=f"{site}/heures",
        private_url=f"{site}/ecrire",
    )


def _confirm(place: Location, *, by: Membership, now: datetime) -> None:
    """The hours of holidays until two months after the demo was filled: it answers alike on every day. Later ones stand open."""
    ahead = days.coming(place, now.astimezone(place.zone).date(), count=135)  # the demo began 75 days ago
    shorter = SpecialDay(opens=SpecialDay.Opens.OTHER_HOURS, hours=[["10:00", "16:00"]])
    days.say(place, {day.date: shorter for day in ahead if day.is_to_confirm}, by=by, now=now)


def _hire(organization: Organization, address: str, name: str, role: Role, places: list[Location]) -> Membership:
    # No password: they sign in with one click, on a development server only.
    user = User.objects.create_user(email=f"{address}{DEMO_ADDRESS}", name=name, phone=PHONES.get(address, ""))
    member = Membership.objects.create(user=user, organization=organization, role=role, all_locations=not places)
    member.locations.set(places)
    return member
