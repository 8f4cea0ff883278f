from importlib import import_module
from typing import Any

from inbox.triage import reading

pool = import_module("django_rq.management.commands.rqworker-pool")  # a name with a hyphen


class Command(pool.Command):  # type: ignore[name-defined]
    help = "Run RQ workers, with the rules of triage read once for all of them, and before the first message comes."

    def handle(self, *args: Any, **options: Any) -> None:
        reading.warm_up()  # seconds, that the workers are born with: also one that follows another
        super().handle(*args, **options)
