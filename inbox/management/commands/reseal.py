from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing
from inbox.models import Channel, KeptWords


class Command(BaseCommand):
    help = "Seal tokens, second steps and kept words with the first key of TOKEN_KEYS, so that the others may be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        pages, lost = sealing.reseal(Channel.objects.all(), Channel.reseal)
        steps, people = sealing.reseal_second_steps()
        kept, unread = sealing.reseal(KeptWords.objects.all(), KeptWords.reseal)
        self.stdout.write(f"{pages} pages and {steps} second steps, and {kept} kept words, are sealed with the first key.")
        if unreadable := [*(page.name for page in lost), *people, *(f"message {words.message_id}" for words in unread)]:
            raise CommandError(f"No key opens what is sealed of: {', '.join(unreadable)}. Keep the other keys.")
