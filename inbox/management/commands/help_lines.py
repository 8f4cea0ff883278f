"""`bin/manage help_lines`: the table, and whether it is to be checked again. Fails a year after it was."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.triage.help import help_lines


class Command(BaseCommand):
    help = "Show whom people in danger can call; fail when that was checked more than a year ago."

    def handle(self, *args: Any, **options: Any) -> None:
        table = help_lines.table()
        for line in table.lines.values():
            self.stdout.write(f"{line.number:<16} {line.fr}")
        self.stdout.write(f"Checked at the source on {table.checked_on}.")
        if table.is_due(timezone.localdate()):
            raise CommandError(
                "More than a year ago: call each number, change what has changed, and write today's date as checked_on."
            )
