from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts import audit
from accounts.models import Organization
from inbox.channels import variables
from inbox.models import Conversation
from responses.demo import maker, people, pharmacy, stories, words
from simulator.client import Simulator


class Command(BaseCommand):
    help = (
        "Fill an empty development database with a fictional pharmacy group and drug maker. "
        "The simulator and the web process must be up."
    )

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
            houses = [people.hire(house, simulator, now=now) for house in (pharmacy.HOUSE, maker.HOUSE)]
            for founded in houses:
                words.tell(founded, now=now)
                words.write(founded, now=now)
            stories.play(simulator, houses, now=now)
            for founded in houses:
                words.write_lately(founded, now=now)
            audit.seal()
        for founded in houses:
            count = Conversation.objects.filter(organization=founded.organization).count()
            self.stdout.write(f"{founded.organization.name}: {count} conversations.")
