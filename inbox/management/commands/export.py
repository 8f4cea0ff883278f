import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization
from inbox.keeping import exports
from inbox.models import Conversation


class Command(BaseCommand):
    help = "Write conversations, with their messages and waits, as JSON Lines to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["conversations"])
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")

    def handle(self, *args: Any, **options: Any) -> None:
        conversations = Conversation.objects.all()
        if slug := options["organization"]:
            if not Organization.objects.filter(slug=slug).exists():
                raise CommandError(f"There is no organization {slug!r}.")
            conversations = conversations.filter(organization__slug=slug)
        for row in exports.rows(conversations, now=timezone.now()):
            self.stdout.write(json.dumps(row, ensure_ascii=False))
