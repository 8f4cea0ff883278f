"""Founding an organization of the demo: its locations, its people, its pages."""

from dataclasses import asdict
from datetime import datetime, timedelta

from accounts.access import Role
from accounts.locations import days
from accounts.models import Location, Membership, Organization, SpecialDay, User
from accounts.sign_in.development import DEMO_ADDRESS
from accounts.team import duty
from inbox import channels
from inbox.waits import policies
from responses.demo.houses import Founded, House, Page, Person, Place
from simulator.client import Simulator

BEGAN = timedelta(days=75)  # before the demo was filled
AHEAD = timedelta(days=60)
OF_THE_LOCATION = ("slug", "name", "short_name", "phone", "address", "signature", "time_zone", "province")


def hire(house: House, simulator: Simulator, *, now: datetime) -> Founded:
    """Found the organization as it was when the demo began; now: when it is filled."""
    began = now - BEGAN
    organization = Organization.objects.create(name=house.name, slug=house.slug, kind=house.kind)
    policies.create(organization, now=began)
    places = {place.slug: _open(organization, place) for place in house.places}
    people = {person.address: _hire(organization, person, places) for person in house.people}
    founded = Founded(house, organization, people)
    pharmacist, manager, admin = (founded.one(role) for role in (Role.PHARMACIST, Role.MANAGER, Role.ADMIN))
    for place in house.places:
        duty.put(places[place.slug], [pharmacist], by=manager, now=began)
        _confirm(places[place.slug], place.confirmed, by=admin, began=began, now=now)
    for page in house.pages:
        _appear(page, simulator)
        _connect(page, places[page.place], simulator.url, by=admin, now=began)
    return founded


def _open(organization: Organization, place: Place) -> Location:
    told = {name: value for name, value in asdict(place).items() if name in OF_THE_LOCATION}
    site = place.site or f"https://{place.slug}.example.com"
    return Location.objects.create(
        organization=organization,
        **told,
        opening_hours=place.hours,
        booking_url=f"{site}/rendez-vous",
        hours_url=f"{site}/heures",
        private_url=f"{site}/ecrire",
    )


def _hire(organization: Organization, person: Person, places: dict[str, Location]) -> Membership:
    # No password: they sign in with one click, on a development server only.
    user = User.objects.create_user(email=f"{person.address}{DEMO_ADDRESS}", name=person.name, phone=person.phone)
    member = Membership.objects.create(user=user, organization=organization, role=person.role, all_locations=not person.places)
    member.locations.set([places[slug] for slug in person.places])
    return member


def _confirm(place: Location, count: int | None, *, by: Membership, began: datetime, now: datetime) -> None:
    """The hours of holidays until two months after the demo was filled: it answers alike on every day. Later ones stand open.

    count: of so many to come instead, whenever they are.
    """
    first = began if count is None else now
    ahead = days.coming(place, first.astimezone(place.zone).date(), count=(BEGAN + AHEAD).days if count is None else 365)
    shorter = SpecialDay(opens=SpecialDay.Opens.OTHER_HOURS, hours=[["10:00", "16:00"]])
    to_confirm = [day.date for day in ahead if day.is_to_confirm][:count]
    days.say(place, dict.fromkeys(to_confirm, shorter), by=by, now=began)


def _appear(page: Page, simulator: Simulator) -> None:
    """What the platform has to know of the page before anything is said there."""
    if page.welcome:
        simulator.create_page(
            page.platform,
            page.simulated,
            name=page.name,
            token=page.token,
            username=page.username,
            posts=[page.welcome],
            # What is invented there by itself is what people ask at a counter.
            extra={"quiet": True, "staff": page.name},
        )
    if page.platform == "website":
        given = {"hook": f"/hooks/website/{page.external_id}/", "secret": page.token}
        simulator.ask("POST", "website/connect", {"page": page.simulated} | given)


def _connect(page: Page, place: Location, simulator: str, *, by: Membership, now: datetime) -> None:
    channels.connect(
        place,
        page.platform,
        external_id=page.external_id.replace("{simulator}", simulator),
        name=page.name,
        token=page.token,
        settings={name: value.replace("{simulator}", simulator) for name, value in page.settings.items()} or None,
        by=by,
        now=now,
    )
