from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from django.utils import timezone

from inbox import channels, jobs
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import health
from inbox.models import Channel


class Command(BaseCommand):
    help = "Check the pages with their platforms, compare them with what these list, or say how each does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "list", "health"])
        parser.add_argument("--page", metavar="ID", help="only this one, by its identifier on the platform")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Channel.objects.order_by("location__name", "platform", "name")
        if options["page"]:
            rows = rows.filter(external_id=options["page"])
        {"check": self._check, "list": self._list, "health": self._health}[options["action"]](rows)

    def _check(self, rows: QuerySet[Channel]) -> None:
        for channel in rows.filter(disconnected_at=None):
            answered = channels.check_now(channel, now=timezone.now())
            channel.refresh_from_db()
            self._say(channel, "answered" if answered else f"did not answer {channel.problem}")

    def _list(self, rows: QuerySet[Channel]) -> None:
        for channel in rows.filter(disconnected_at=None):
            found = reconciliation.compare_now(channel, now=timezone.now())
            channel.refresh_from_db()
            self._say(channel, channel.list_problem or f"{found} brought in")
        jobs.ring()

    def _health(self, rows: QuerySet[Channel]) -> None:
        for channel, verdict in health.verdicts(rows, now=timezone.now()):
            self._say(channel, verdict.title)
            for point in verdict.points:
                self.stdout.write(f"\t{point.what} {point.detail}".rstrip())

    def _say(self, channel: Channel, words: str) -> None:
        self.stdout.write(f"{channel.platform}\t{channel.external_id}\t{channel.name}\t{words}")
