import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from responses.sending.sender import Sender


class Command(BaseCommand):
    help = "Send the replies that are due, until told to stop; then finish what is being sent."

    def handle(self, *args: Any, **options: Any) -> None:
        sender = Sender(threads=settings.SENDER_THREADS, clock=timezone.now)

        def leave(number: int, frame: FrameType | None) -> None:
            sender.stop()

        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, leave)
        sender.run()
