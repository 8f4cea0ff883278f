from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Organization
from inbox.models import Screening
from inbox.screening.by_rules import again

WIDTH = 30
PASSES = 5  # for what others worked on when its turn came


class Command(BaseCommand):
    help = "Read what is stored again by the rules in force, and say what changed. It may be interrupted: run again, it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization",
            metavar="SLUG",
            help="read all of its messages again: its own topics or products changed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if slug := options["organization"]:
            organization = Organization.objects.filter(slug=slug).first()
            if organization is None:
                raise CommandError(f"No organization {slug}.")
            again.ask(organization)
        screening = again.begun(now=timezone.now())
        try:
            left = self._read(screening)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. Run it again to go on.")
        else:
            if left:
                self.stderr.write(f"{left} messages are worked on just now or could not be read. Run it again for these.")
            else:
                again.finish(screening, now=timezone.now())
        self._report(Screening.objects.get(pk=screening.pk))

    def _read(self, screening: Screening) -> int:
        """Return how many are left."""
        total, done = again.unread(screening).count(), 0
        for _pass in range(PASSES):
            after, passed_by = 0, 0
            while True:
                met, read, after = again.read_some(screening, after=after, now=timezone.now())
                if not met:
                    break
                passed_by += met - read
                done += read
                self._show(done, total)
            if not passed_by:
                break
        self.stderr.write("")
        return again.unread(screening).count()

    def _show(self, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 1.0
        bar = "#" * round(share * WIDTH)
        self.stderr.write(f"\r[{bar:<{WIDTH}}] {share:4.0%}  {done} of {total}", ending="")
        self.stderr.flush()

    def _report(self, screening: Screening) -> None:
        self.stdout.write(f"Rules {screening.version}: {screening.messages} messages read, {screening.unreadable} unreadable.")
        rules = sorted({*screening.added, *screening.gone})
        if not rules:
            self.stdout.write("Nothing else is seen in them than before.")
            return
        self.stdout.write(f"{'rule':<40} {'added':>7} {'gone':>7}")
        for rule in rules:
            self.stdout.write(f"{rule:<40} {screening.added.get(rule, 0):>7} {screening.gone.get(rule, 0):>7}")
        if screening.gone:
            self.stdout.write("Gone: these rules do not find it any more. It stands until a person removes it.")
