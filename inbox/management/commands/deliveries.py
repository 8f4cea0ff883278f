from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox import jobs
from inbox.models import Delivery, UnhandledEvent


class Command(BaseCommand):
    help = "List the deliveries that could not be taken in and the pages that nobody has connected, or queue deliveries again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="ID", help="queue this one again, or “all”")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = Delivery.objects.filter(outcome=Delivery.Outcome.FAILED)
        if options["retry"]:
            self._retry(failed, options["retry"])
            return
        for delivery in failed.order_by("-received_at").defer("body")[:100]:
            self.stdout.write(f"{delivery.pk}\t{delivery.endpoint}\t{delivery.received_at:%Y-%m-%d %H:%M:%S}\t{delivery.error}")
        for page in UnhandledEvent.unknown_pages():
            self.stdout.write(
                f"not connected\t{page['platform']}\t{page['page_id']}\t{page['count']}\t{page['last']:%Y-%m-%d %H:%M:%S}"
            )
        waiting = Delivery.objects.filter(processed_at=None).count()
        self.stdout.write(f"{failed.count()} failed, {waiting} waiting.")

    def _retry(self, failed: Any, which: str) -> None:
        if which != "all":
            if not which.isdigit():
                raise CommandError("Name a delivery by its number, or say all.")
            failed = failed.filter(pk=which)
        count = failed.requeue(now=timezone.now())
        jobs.ring()
        self.stdout.write(f"{count} queued again.")
