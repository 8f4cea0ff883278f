from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Location
from inbox import channels, platforms
from inbox.channels.joining import shared_secrets
from inbox.platforms.base import Connector


class Command(BaseCommand):
    help = "Connect a page or an account to a location. What came for it before is taken in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform", choices=platforms.slugs())
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--location", required=True, metavar="SLUG")
        parser.add_argument("--id", metavar="EXTERNAL_ID", help="the platform's id of the page or account, where it has one")
        parser.add_argument("--name", required=True)
        parser.add_argument("--token", help="kept encrypted, and never shown again; of a website it is made here and shown once")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="what else the platform asks for")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Location.objects.filter(organization__slug=options["organization"], slug=options["location"]).first()
        if place is None:
            raise CommandError(f"There is no location {options['location']!r} in organization {options['organization']!r}.")
        connector = platforms.get(options["platform"])
        made = connector.proven_by is None
        token = shared_secrets.secret() if made else self._wanted(options, "token")
        try:
            channel = channels.connect(
                place,
                connector.slug,
                external_id=connector.identifier(self._wanted(options, "id")) if connector.identified_by else _known(options),
                name=options["name"],
                token=token,
                settings=self._settings(connector, options["set"]),
                by=None,
                now=timezone.now(),
            )
        except channels.AlreadyConnected as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Connected {channel.platform} {channel.external_id} “{channel.name}” to {place.name}.")
        if made:
            self.stdout.write(f"Webhooks: {shared_secrets.receiver_of(channel)}\nSecret: {token}")

    def _wanted(self, options: dict[str, Any], name: str) -> str:
        if not options[name]:
            raise CommandError(f"--{name} is missing.")
        return str(options[name])

    def _settings(self, connector: Connector, given: list[str]) -> dict[str, str]:
        told = dict(pair.partition("=")[::2] for pair in given)
        known = {field.name: field for field in connector.fields}
        if unknown := told.keys() - known.keys():
            raise CommandError(f"{connector.slug} does not ask for {', '.join(unknown)}, but for: {', '.join(known) or '-'}.")
        if missing := [name for name, field in known.items() if field.required and not told.get(name)]:
            raise CommandError(f"{connector.slug} also needs: {', '.join(f'--set {name}=…' for name in missing)}.")
        return {name: told.get(name, "") for name in known}


def _known(options: dict[str, Any]) -> str:
    """A site that is connected again keeps its address."""
    return str(options["id"] or shared_secrets.identifier())
