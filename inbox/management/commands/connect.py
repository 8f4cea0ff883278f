from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Location
from inbox import channels, platforms


class Command(BaseCommand):
    help = "Connect a page or an account to a location. What came for it before is taken in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform", choices=platforms.slugs())
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--location", required=True, metavar="SLUG")
        parser.add_argument("--id", required=True, metavar="EXTERNAL_ID", help="the platform's id of the page or account")
        parser.add_argument("--name", required=True)
        parser.add_argument("--token", required=True, help="kept encrypted; never shown again")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Location.objects.filter(organization__slug=options["organization"], slug=options["location"]).first()
        if place is None:
            raise CommandError(f"There is no location {options['location']!r} in organization {options['organization']!r}.")
        try:
            channel = channels.connect(
                place,
                options["platform"],
                external_id=options["id"],
                name=options["name"],
                token=options["token"],
                by=None,
                now=timezone.now(),
            )
        except channels.AlreadyConnected as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Connected {channel.platform} {channel.external_id} “{channel.name}” to {place.name}.")
