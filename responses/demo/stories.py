"""The demo's conversations: what people wrote is played through the simulator and arrives by webhook, what we answered is
recorded as the outbox records it. Only the times are moved back."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.access import Role
from accounts.models import Membership
from inbox import clock, conversations, crises, intake, waits
from inbox.fetching import names
from inbox.models import Conversation, Crisis, Delivery, Message, Note, Notice, Post, Wait, WaitEvent
from inbox.platforms.base import Sent
from responses import outbox, replies
from responses.demo import elsewhere, safety
from responses.demo.houses import Founded, Page
from responses.measuring import misses
from responses.models import Reply, TemplateVersion
from simulator.client import Simulator

ON_ITS_WAY = timedelta(seconds=2)  # as a webhook is
TAKEN_AFTER = timedelta(minutes=4)  # on by name, of somebody in danger
ROLES = {"pharmacist": Role.PHARMACIST, "manager": Role.MANAGER}  # anybody else: who answers at that place


@dataclass
class Story:
    founded: Founded
    seed: dict[str, Any]
    began: datetime
    ids: dict[int, str] = field(default_factory=dict)  # number of the message → the simulator's id

    first: str = ""  # the first message's id in our inbox

    @property
    def page(self) -> Page:
        return self.founded.house.page(self.seed["channel"])

    def wire_id(self, made: dict[str, Any]) -> str:
        """The id as webhooks and answers give it."""
        linkedin = self.page.platform == "linkedin"
        return f"urn:li:comment:({made['post']},{made['id']})" if linkedin else str(made["id"])

    @property
    def counter(self) -> Membership:
        return self.founded.counter(self.page.place)

    def who(self, called: str) -> Membership:
        return self.founded.one(ROLES[called]) if called in ROLES else self.counter

    def at(self, message: dict[str, Any]) -> datetime:
        return self.began + timedelta(minutes=message["minutes"])

    def turns(self, *sides: str) -> Iterator[tuple[int, dict[str, Any]]]:
        return ((number, message) for number, message in enumerate(self.seed["messages"]) if message["from"] in sides)


def play(simulator: Simulator, houses: Sequence[Founded], *, now: datetime) -> None:
    """Let every story happen."""
    posts = {
        (founded.house.slug, post["key"]): _publish(simulator, founded, post, now)
        for founded in houses
        for post in founded.house.told["posts"]
    }
    told = [
        Story(founded, seed, now - timedelta(minutes=seed["age_minutes"]))
        for founded in houses
        for seed in founded.house.told["conversations"]
    ]
    for story in told:
        for number, message in story.turns("them", "native"):
            _write(simulator, story, number, message, posts.get((story.founded.house.slug, story.seed.get("post", "")), ""))
    elsewhere.say(simulator, now)
    _arrive(simulator, now)
    elsewhere.look(now)
    Message.objects.update(received_at=F("sent_at") + ON_ITS_WAY)
    Wait.objects.update(heard_at=F("started_at") + ON_ITS_WAY)
    while names.learn(now=now + timedelta(minutes=1)):
        pass
    for founded in houses:  # as their pictures and words would be read from the platform
        for post in founded.house.told["posts"]:
            Post.objects.filter(external_id=posts[founded.house.slug, post["key"]]).update(text=post["text"])
    for story in told:
        for number, message in story.turns("us"):
            _answer(simulator, story, number, message)
    _arrive(simulator, now)
    _as_told_then()
    crises.attend(now=now)
    for founded in houses:
        _dangers(founded.one(Role.PHARMACIST), now)
    for story in told:
        _work(story, now)
    safety.judge(told, now=now)
    _hush()
    while waits.flag_due(now=now):
        pass
    for founded in houses:
        _review(founded, now)


def _as_told_then() -> None:
    """What the clocks recorded is told again as it would have been on the day, and not as all of it came just now."""
    Notice.objects.all().delete()
    Message.objects.update(received_at=F("sent_at") + ON_ITS_WAY, visible_at=F("sent_at") + ON_ITS_WAY)
    WaitEvent.objects.filter(kind__in=[*clock.Level]).delete()
    WaitEvent.objects.filter(kind=WaitEvent.Kind.CORRECTED, wait__outcome=Wait.Outcome.ANSWERED).update(
        kind=WaitEvent.Kind.ANSWERED
    )
    WaitEvent.objects.update(recorded_at=F("at") + ON_ITS_WAY)
    _hush()
    WaitEvent.objects.bulk_create(
        WaitEvent(wait=wait, kind=level, at=at, recorded_at=at)
        for wait in Wait.objects.filter(ended_at__isnull=False).select_related("policy")
        for at, level in wait.policy.target.reached(wait.started_at, wait.ended_at or wait.due_at)
    )
    first = Message.objects.filter(conversation=OuterRef("pk")).order_by("sent_at").values("sent_at")[:1]
    Conversation.objects.update(created_at=Coalesce(Subquery(first), F("created_at")))


def _hush() -> None:
    """The clock runs beside this, and may have found late what is answered or closed a moment later."""
    running = Wait.objects.filter(ended_at=None)
    Notice.objects.filter(kind__in=[Notice.Kind.NEAR, Notice.Kind.URGENT, Notice.Kind.LATE]).delete()
    WaitEvent.objects.filter(wait__in=running, kind__in=[*clock.Level]).delete()
    running.update(flagged="", flag_at=F("warn_at"))


def _dangers(pharmacist: Membership, now: datetime) -> None:
    """Whoever was in danger was so on that day, and the pharmacist took it on within minutes. What is of today still waits."""
    theirs = Crisis.objects.open().filter(conversation__organization=pharmacist.organization_id)
    for crisis in theirs.select_related("conversation"):
        said = crisis.findings.aggregate(at=Min("message__sent_at"))["at"]
        Crisis.objects.filter(pk=crisis.pk).update(opened_at=said + ON_ITS_WAY, alerts=1)
        if said < now - timedelta(days=1):
            crises.acknowledge(crisis.conversation, by=pharmacist, now=said + TAKEN_AFTER)
        crises.mark(crisis.conversation)


def _publish(simulator: Simulator, founded: Founded, post: dict[str, Any], now: datetime) -> str:
    page = founded.house.page(post["channel"]).simulated
    return str(simulator.publish(page, post["text"], at=now - timedelta(minutes=post["age_minutes"]))["id"])


def _write(simulator: Simulator, story: Story, number: int, message: dict[str, Any], post: str) -> None:
    made = _comment(simulator, story, message, post) if post else _message(simulator, story, message)
    story.ids[number] = made["id"]
    story.first = story.first or story.wire_id(made)


def _comment(simulator: Simulator, story: Story, message: dict[str, Any], post: str) -> dict[str, Any]:
    text, at, parent = message.get("edited_from") or message["text"], story.at(message), story.ids.get(0)
    page = story.page.simulated
    if message["from"] == "native":
        return simulator.native_comment(page, text, parent=parent, at=at)
    photo = (message.get("attachment") or {}).get("url", "")
    made = simulator.comment(page, text, author=story.seed["author"], post=post, parent=parent, photo=photo, at=at)
    if message.get("edited_from"):
        simulator.edit_comment(made["id"], message["text"], at=at + timedelta(minutes=2))
    if message.get("removed"):
        simulator.remove_comment(made["id"], at=at + timedelta(minutes=35))
    if message.get("hidden"):
        simulator.hide_comment(made["id"], at=at + timedelta(minutes=3))
    return made


def _message(simulator: Simulator, story: Story, message: dict[str, Any]) -> dict[str, Any]:
    text, at, author = message.get("edited_from") or message["text"], story.at(message), story.seed["author"]
    page = story.page.simulated
    if message["from"] == "native":
        return simulator.native_message(page, text, author=author, at=at)
    attachments = [message["attachment"]] if message.get("attachment") else []
    made = simulator.message(page, text, author=author, attachments=attachments, at=at)
    if message.get("edited_from"):
        simulator.edit_message(made["id"], message["text"], at=at + timedelta(minutes=2))
    if message.get("removed"):
        simulator.delete_message(made["id"], at=at + timedelta(minutes=35))
    return made


def _arrive(simulator: Simulator, now: datetime) -> None:
    """Wait until every webhook was accepted and taken in."""
    if not simulator.wait(timeout=60):
        raise CommandError("The webhooks of the demo were not all accepted: is the web process up?")
    until = time.monotonic() + 60
    while Delivery.objects.filter(processed_at=None).exists():
        if time.monotonic() > until:
            raise CommandError("The demo was not taken in: see the log of the worker.")
        intake.drain(now=datetime.now(tz=now.tzinfo))  # beside the worker, if there is one


def _conversation(story: Story) -> Conversation:
    message = Message.objects.select_related("conversation").get(
        channel__external_id=story.page.external_id, external_id=story.first
    )
    related = ("channel", "location", "contact", "post", "organization")
    return Conversation.objects.select_related(*related).get(pk=message.conversation_id)


def _answer(simulator: Simulator, story: Story, number: int, message: dict[str, Any]) -> None:
    conversation, at = _conversation(story), story.at(message)
    version = _version(conversation, message.get("template_title"))
    author = story.who(message.get("by", "counter" if version else "pharmacist"))
    words = replies.Words(
        version, message.get("language", "fr"), {"answer": message.get("answer", "")}, "" if version else message["text"]
    )
    mode = replies.modes(conversation)[0]
    text = replies.draw(conversation, words, by=author, mode=mode, now=at).text or message["text"]
    if story.seed["kind"] == "comment":
        made = simulator.native_comment(story.page.simulated, text, parent=story.ids[0], at=at)
    else:
        made = simulator.native_message(story.page.simulated, text, author=story.seed["author"], at=at)
    reply = Reply.objects.create(
        conversation=conversation,
        author=author,
        kind=story.seed["kind"],
        reply_to=story.first,
        version=version,
        language=words.language,
        fields=dict(words.filled) if version else {"text": words.text},
        text=text,
        state=Reply.State.SENDING,
        created_at=at - timedelta(seconds=20),
        send_at=at - timedelta(seconds=10),
        claimed_at=at,
    )
    outbox.record_sent(reply, Sent(story.wire_id(made), at), at)


def _version(conversation: Conversation, title: str | None) -> TemplateVersion | None:
    if not title:
        return None
    found = TemplateVersion.objects.filter(template__organization=conversation.organization_id, title_fr=title)
    return found.filter(template__in_force__isnull=False).order_by("number").first()


def _work(story: Story, now: datetime) -> None:
    """What staff did besides answering: took it, noted, closed, excluded."""
    seed, conversation = story.seed, _conversation(story)
    if who := seed.get("assignee"):
        member = story.who(who)
        conversations.assign(conversation, member, by=member, now=min(now, story.began + timedelta(minutes=10)))
    for note in seed.get("notes", ()):
        member = story.who(note["by"])
        at = min(now, story.began + timedelta(minutes=note["minutes"]))
        Note.objects.create(conversation=conversation, author=member, text=note["text"], created_at=at)
    last = seed["messages"][-1]
    if seed["scenario"].startswith("answered") and last["from"] == "them":  # a last thank-you needs no reply
        outcome = Conversation.Outcome.NO_REPLY_NEEDED
        conversations.close(conversation, outcome, by=story.counter, now=story.at(last) + timedelta(minutes=20))
    if seed["scenario"] == "closed":
        at = story.began + timedelta(hours=2)
        conversations.close(conversation, seed["outcome"], by=story.counter, now=at)
    if seed["scenario"] == "excluded":
        conversations.close(
            conversation, Conversation.Outcome.SPAM, by=story.who("pharmacist"), now=story.began + timedelta(hours=1)
        )


def _review(founded: Founded, now: datetime) -> None:
    """The older misses have been looked into; the newest wait for it."""
    house, manager = founded.house, founded.one(Role.MANAGER)
    found = misses.missed(Wait.objects.visible_to(manager), now=now).filter(ended_at__isnull=False).order_by("due_at")
    for number, wait in enumerate(found[: len(house.causes)]):
        at = wait.due_at + timedelta(days=1)
        if at > now:
            break
        sign = misses.sign if number < 3 else misses.review
        sign(wait, cause=house.causes[number], note=house.reviewed if number < 2 else "", by=manager, now=at)
