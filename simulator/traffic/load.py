"""Customers at a steady rate, in the background: comments, messages, second thoughts, removals. The same seed says the same."""

import contextlib
import logging
import random
import threading
import time
from typing import Any

from django.db import connection, transaction

from simulator import acts, platforms
from simulator.models import Comment, Message, Page, Post, Review

log = logging.getLogger(__name__)
Written = Comment | Message | Review
PEOPLE = 400  # a page
# What a customer does, and how often.
WEIGHTS = {"ask": 60, "ask_again": 20, "edit": 6, "react": 6, "remove": 4, "hide": 4}


class Load(threading.Thread):
    """`made` counts what was done; it ends by itself, or when it is stopped."""

    def __init__(self, count: int, *, per_second: float, pages: list[str], seed: int) -> None:
        super().__init__(name="load", daemon=True)
        self.count, self.per_second, self.seed = count, per_second, seed
        self.made, self.failed, self.began, self.took = 0, 0, time.monotonic(), 0.0
        self.stopping = threading.Event()
        self.chance = random.Random(seed)
        self.pages = [page for page in Page.objects.order_by("pk") if page.external_id in pages or not pages]
        self.posts: dict[int, Post | None] = {}
        self.latest: dict[int, list[Written]] = {}

    def run(self) -> None:
        try:
            for number in range(self.count):
                if self.stopping.wait(max(0.0, self.began + number / self.per_second - time.monotonic())):
                    break
                self._do(number)
                self.made += 1
                self.took = time.monotonic() - self.began
        finally:
            connection.close()

    def _do(self, number: int) -> None:
        page = self.chance.choice(self.pages)
        [act] = self.chance.choices([*WEIGHTS], [*WEIGHTS.values()])
        try:
            with transaction.atomic():
                self._act(page, act, number)
        except Exception:  # one event that cannot be is no reason to end the others; the first says why
            if not self.failed:
                log.exception("the load stumbled over event %s", number)
            self.failed += 1

    def _act(self, page: Page, act: str, number: int) -> None:
        known = self.latest.setdefault(page.pk, [])
        chosen = self.chance.choice(known) if known and act != "ask" else None
        if chosen is None:
            known.append(self._ask(page, number))
            del known[:-200]
        elif act == "ask_again":
            known.append(self._again(chosen, number))
        elif isinstance(chosen, Comment):
            self._change_comment(chosen, act, number, known)
        elif isinstance(chosen, Message):
            self._change_message(chosen, act, number, known)
        else:
            self._change_review(chosen, act, number, known)

    def _text(self, number: int) -> str:
        return f"Question {self.seed}-{number} : {'êtes-vous ouverts ? ' * self.chance.randint(1, 4)}"

    def _somebody(self, page: Page) -> str:
        name = f"Personne {self.chance.randrange(PEOPLE)}"
        return name if platforms.of(page).people == "names" else name.lower().replace(" ", "_")

    def _ask(self, page: Page, number: int) -> Written:
        platform, author = platforms.of(page), self._somebody(page)
        if platform.comment_event is None and platform.message_event is None:
            return acts.write_review(page, author=author, text=self._text(number), stars=self.chance.randint(1, 5))
        private = platform.message_event is not None and (platform.comment_event is None or self.chance.random() < 0.4)
        if private:
            return acts.write_message(page, acts.person_of(page, author), text=self._text(number))
        if page.pk not in self.posts:
            self.posts[page.pk] = page.posts.filter(kind="", removed_at=None).first()
        return acts.write_comment(page, text=self._text(number), author=author, post=self.posts[page.pk])

    def _again(self, before: Written, number: int) -> Written:
        """The same person in the same place."""
        if isinstance(before, Review):
            return self._ask(before.page, number)
        if isinstance(before, Message):
            return acts.write_message(before.page, before.person, text=self._text(number))
        author = before.author.name if before.author else self._somebody(before.page)
        return acts.write_comment(before.page, text=self._text(number), author=author, parent=before.root)

    def _change_comment(self, comment: Comment, act: str, number: int, known: list[Any]) -> None:
        match act:
            case "edit":
                acts.edit_comment(comment, self._text(number))
            case "react":
                acts.react_to_comment(comment, self._somebody(comment.page), "love")
            case "hide":
                acts.set_hidden(comment, comment.hidden_at is None)
            case _:
                known.remove(comment)
                acts.remove_comment(comment)

    def _change_message(self, message: Message, act: str, number: int, known: list[Any]) -> None:
        match act:
            case "edit":
                acts.edit_message(message, self._text(number))
            case "react":
                acts.react_to_message(message, "love")
            case _:
                known.remove(message)
                acts.delete_message(message)

    def _change_review(self, review: Review, act: str, number: int, known: list[Any]) -> None:
        if act == "remove":
            known.remove(review)
            acts.remove_review(review)
        else:
            acts.edit_review(review, text=self._text(number))


_running: Load | None = None


def start(count: int, *, per_second: float, pages: list[str], seed: int) -> Load:
    global _running
    stop()
    _running = Load(count, per_second=per_second, pages=pages, seed=seed)
    _running.start()
    return _running


def stop() -> None:
    if _running is not None and _running.is_alive():
        _running.stopping.set()
        with contextlib.suppress(RuntimeError):
            _running.join(timeout=10)


def shown() -> dict[str, Any]:
    if _running is None:
        return {"running": False, "made": 0, "failed": 0, "count": 0, "seconds": 0.0}
    return {
        "running": _running.is_alive(),
        "made": _running.made,
        "failed": _running.failed,
        "count": _running.count,
        "seconds": round(_running.took, 3),
    }
