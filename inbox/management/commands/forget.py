from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.keeping import erasure
from inbox.models import Conversation


class Command(BaseCommand):
    help = "Forget the person of a conversation, as they asked: their words and name go, here and out of stored bodies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("conversation", type=int, help="its number, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Conversation.objects.select_related("contact__channel").filter(pk=options["conversation"]).first()
        if found is None or found.contact is None:
            raise CommandError("There is no such conversation, or nobody is known in it.")
        try:
            count = erasure.forget_who_asked(found.contact, now=timezone.now())
        except erasure.NotYet:
            raise CommandError("An answer to this person is on its way. Ask again when it has left.") from None
        self.stdout.write(f"Forgotten, with {count} messages.")
