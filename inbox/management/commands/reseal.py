from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import sealing
from inbox.models import Channel


class Command(BaseCommand):
    help = "Seal all access tokens and second steps with the first key of TOKEN_KEYS, so that the others may be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        tokens, pages = _tokens()
        steps, people = sealing.reseal_second_steps()
        self.stdout.write(f"{tokens} pages and {steps} second steps are sealed with the first key.")
        if unreadable := [*pages, *people]:
            raise CommandError(f"No key opens what is sealed of: {', '.join(unreadable)}. Keep the other keys.")


def _tokens() -> tuple[int, list[str]]:
    """How many pages, and those that no key opens."""
    count, unreadable = 0, []
    for pk in Channel.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            channel = Channel.objects.select_for_update().get(pk=pk)
            try:
                channel.reseal()
            except InvalidToken:
                unreadable.append(channel.name)
                continue
            channel.save(update_fields=["sealed_token", "sealed_refresh_token"])
        count += 1
    return count, unreadable
