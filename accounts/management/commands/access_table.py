from typing import Any

from django.core.management.base import BaseCommand

from accounts import access_table


class Command(BaseCommand):
    help = "Print the table of roles and permissions that docs/access.md shows."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(access_table.markdown())
