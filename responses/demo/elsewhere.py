"""What people say where no story is told: reviews at Google, comments on a blog and on a site, as each of them tells it."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management.base import CommandError

from inbox import channels, intake
from inbox.channels.gaps import reconciliation
from inbox.fetching import clues
from inbox.models import Channel, Contact
from responses.demo.houses import Page
from responses.demo.pharmacy import BLOG, CLINIC_SITE, GOOGLE
from simulator.client import Simulator


@dataclass(frozen=True, slots=True)
class Said:
    page: Page
    hours_ago: float
    author: str
    text: str = ""
    stars: int = 0
    published: bool = False


SAID = [
    Said(GOOGLE, 9, "Rosalie Fictive", "Accueil toujours souriant, et on m’a rappelée le jour même. Merci!", stars=5),
    Said(GOOGLE, 20, "Normand Exemple", "Quarante minutes d’attente pour un renouvellement, sans explication.", stars=2),
    Said(GOOGLE, 3, "Carole Démo", stars=4),
    Said(BLOG, 5, "Mireille Modèle", "Est-ce que le vaccin est gratuit à partir de 60 ans?"),
    Said(BLOG, 30, "Denis Gabarit", "Et pour les enfants de moins de cinq ans?", published=True),
    Said(CLINIC_SITE, 2, "Josée Specimen", "Peut-on prendre rendez-vous en ligne pour la clinique voyage?"),
]


def say(simulator: Simulator, now: datetime) -> None:
    for said in SAID:
        at = now - timedelta(hours=said.hours_ago)
        if said.stars:
            simulator.review(said.page.simulated, said.text, author=said.author, stars=said.stars, at=at)
            continue
        made = simulator.comment(said.page.simulated, said.text, author=said.author, at=at)
        if said.published:
            simulator.ask("POST", "website/status", {"comment": made["id"], "status": "approved", "at": at.isoformat()})


def look(now: datetime) -> None:
    """Where a platform tells no more than that there is something, or nothing at all, it is asked."""
    until = time.monotonic() + 60
    while not _all_is_here():
        if time.monotonic() > until:
            raise CommandError("What people said at Google and on the blog was not found: see the log of the worker.")
        # Beside the clock, which may be looking just now.
        moment = datetime.now(tz=now.tzinfo)
        clues.follow(now=moment)
        for channel in Channel.objects.filter(platform="wordpress"):
            channels.look_soon(channel, now=moment)
            reconciliation.compare(channel.pk, now=moment)
        intake.drain(now=moment)


def _all_is_here() -> bool:
    return Contact.objects.filter(name__in=[said.author for said in SAID]).count() == len(SAID)
