import threading
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.sign_in.development import demo_people
from inbox import live
from inbox.channels import variables
from inbox.models import Conversation, Delivery, Message
from responses.demo.pharmacy import VIEUX_QUAI
from responses.demo.visitor import Visitor
from responses.models import TemplateVersion
from simulator.client import Simulator

PAGE = VIEUX_QUAI.external_id
QUESTION = "Bonjour, êtes-vous ouverts le 24 décembre au soir?"
ANSWER = "Oui, jusqu’à 17 h le 24 décembre."
Found = TypeVar("Found")


class Command(BaseCommand):
    help = "Run the main job once over HTTP: a comment comes in, an approved answer goes out, the timer stops."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL)
        parser.add_argument("--simulator", default=variables()["META_GRAPH_URL"])

    def handle(self, *args: Any, **options: Any) -> None:
        self.simulator, self.visitor = Simulator(options["simulator"]), Visitor(options["url"])
        self.step = "the simulator and the web process answer"
        try:
            self._run()
        except Exception as error:
            raise CommandError(f"✗ {self.step}: {type(error).__name__}: {error}") from error
        self.stdout.write("The main job works.")

    def _run(self) -> None:
        self.visitor.get("/healthz/")
        self._saw(f"{len(self.simulator.pages())} simulated pages")
        staff = demo_people().get(user__email__startswith="aline@")
        self.step = "sign in as staff"
        page = self.visitor.get(reverse("account_login"))
        self.visitor.press(page, reverse("accounts:demo_sign_in"), email=staff.user.email)
        self._saw(f"{staff.user.name}, {staff.get_role_display()}")

        self.step = "an open event stream says “look again”"
        told = _Listener(live.stream_url(staff), settings.PUBLIC_URL)

        self.step = "a customer comments on the page; the webhook is signed, stored and answered 200"
        written = self.simulator.comment(PAGE, QUESTION, author="Camille Exemple")
        if not self.simulator.wait(timeout=20):
            raise TimeoutError(self.simulator.deliveries(1))
        delivery = Delivery.objects.order_by("-pk")[0]
        self._saw(f"comment {written['id']}, delivery {delivery.pk} of {len(delivery.body)} bytes, signed {delivery.signed_by}")

        self.step = "it becomes a conversation with a running wait"
        arrived = Conversation.objects.filter(messages__external_id=written["id"], due_at__isnull=False)
        conversation = _until(arrived.first)
        wait = conversation.waits.get()
        wrote_at = _moment(written["created_at"])
        _same("started at the platform’s time", wait.started_at, wrote_at.replace(microsecond=0))
        _same("due", wait.due_at, wait.started_at + timedelta(hours=24))
        self._saw(f"{conversation.contact_name}, due {wait.due_at:%Y-%m-%d %H:%M:%S} UTC")

        self.step = "the open stream was told"
        _until(lambda: told.count > 1)
        self._saw(f"{told.count} events")
        self.step = "the inbox shows it"
        if QUESTION not in self.visitor.get(conversation.get_absolute_url()):
            raise LookupError("the question is not on the page")
        self._saw(conversation.get_absolute_url())

        self.step = "staff answer with an approved template"
        address = reverse("responses:composer", args=[conversation.pk])
        version = TemplateVersion.objects.get(template__in_force__isnull=False, title_fr="Heures d’ouverture", state="approved")
        page = self.visitor.press(self.visitor.get(address), address, pick=str(version.pk))
        self.visitor.press(page, address, answer=ANSWER, first_name="Camille", send="1")
        reply = conversation.replies.get()
        self._saw(f"“{reply.text}” leaves after {settings.UNDO_SECONDS} s to take it back")

        self.step = "the platform has the answer"
        [accepted] = _until(lambda: self.simulator.replies(comment=written["id"]))
        _same("the text", accepted["text"], reply.text)
        self._saw(f"comment {accepted['id']} at {accepted['created_at']}")

        self.step = "the wait ended at the platform’s time"
        self.simulator.wait(timeout=20)
        _until(lambda: Delivery.objects.filter(processed_at=None).count() == 0)
        # Its echo may be here before the sender has written that it is ours: until then somebody wrote on the platform.
        _until(lambda: conversation.replies.filter(state="sent").exists())
        wait = _until(lambda: conversation.waits.filter(ended_at__isnull=False).first())
        _same("ended at", wait.ended_at, _moment(accepted["created_at"]).replace(microsecond=0))
        _same("how", (wait.outcome, wait.ended_by), ("answered", "comptoir"))
        _same("one answer, its echo included", Message.objects.filter(conversation=conversation, direction="out").count(), 1)
        self._saw(f"answered in {_moment(accepted['created_at']).replace(microsecond=0) - wait.started_at}, by {wait.ended_by}")

    def _saw(self, what: str) -> None:
        self.stdout.write(f"✓ {self.step}: {what}")


class _Listener:
    """Counts the events of a stream, beside what the command does."""

    def __init__(self, address: str, site: str) -> None:
        self.count = 0
        full = address if address.startswith("http") else site + address
        self._stream = urllib.request.urlopen(full, timeout=60)  # noqa: S310 - our own address
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._stream:
            self.count += line.startswith(b"event: inbox")


def _until(found: Callable[[], Found | None], seconds: float = 45) -> Found:
    """The first answer that is something."""
    until = time.monotonic() + seconds
    while not (answer := found()):
        if time.monotonic() > until:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(0.1)
    return answer


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same(what: str, seen: object, expected: object) -> None:
    if seen != expected:
        raise AssertionError(f"{what}: {seen} instead of {expected}")
