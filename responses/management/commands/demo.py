from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts import audit
from accounts.models import Organization
from inbox.channels import variables
from responses.demo import people, stories, words
from simulator.client import Simulator


class Command(BaseCommand):
    help = "Fill an empty development database with a fictional pharmacy group. The simulator and the web process must be up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--simulator", default=variables()["META_GRAPH_URL"], metavar="URL")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for development: its people sign in without a password.")
        if Organization.objects.exists():
            raise CommandError("The database is not empty. To start over: bin/dev --fresh")
        simulator = Simulator(options["simulator"])
        if not simulator.healthy():
            raise CommandError(f"No simulator answers at {simulator.url}.")
        now = timezone.now()
        with translation.override("fr-ca"):
            organization, members = people.hire(simulator.url, now=now - timedelta(days=75))
            given = {"hook": f"/hooks/website/{people.SITE_KEY}/", "secret": people.SITE_SECRET}
            simulator.ask("POST", "website/connect", {"page": people.SITE} | given)
            words.tell(organization, members, now=now)
            words.write(organization, members, now=now)
            count = stories.play(simulator, members, now=now)
            audit.seal()
        self.stdout.write(f"{organization.name}: {count} conversations.")
