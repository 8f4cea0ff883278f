from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing
from inbox.models import Channel


class Command(BaseCommand):
    help = "Seal all access tokens and second steps with the first key of TOKEN_KEYS, so that the others may be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        pages, lost = sealing.reseal(Channel.objects.all(), Channel.reseal)
        steps, people = sealing.reseal_second_steps()
        self.stdout.write(f"{pages} pages and {steps} second steps are sealed with the first key.")
        if unreadable := [*(page.name for page in lost), *people]:
            raise CommandError(f"No key opens what is sealed of: {', '.join(unreadable)}. Keep the other keys.")
