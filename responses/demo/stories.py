"""The demo's conversations: what people wrote is played through the simulator and arrives by webhook, what we answered is
recorded as the outbox records it. Only the times are moved back."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.models import F, Min

import inbox
from accounts.models import Membership
from inbox import clock, conversations, crises, intake, waits
from inbox.fetching import names
from inbox.models import Conversation, Crisis, Delivery, Message, Note, Notice, Post, Wait, WaitEvent
from inbox.platforms.base import Sent
from responses import outbox, replies
from responses.demo import elsewhere
from responses.demo.people import CHANNELS
from responses.measuring import misses
from responses.models import Reply, TemplateVersion
from simulator.client import Simulator

ON_ITS_WAY = timedelta(seconds=2)  # as a webhook is
TAKEN_AFTER = timedelta(minutes=4)  # on by name, of somebody in danger
SEEDS = Path(inbox.__file__).parent / "seeds" / "conversations.json"
AT_THE_COUNTER = {"vieux-quai": "aline", "rue-du-moulin": "aline", "clinique-des-erables": "hugo"}
ROLES = {"pharmacist": "bruno", "manager": "chantal"}
CAUSES = ["nobody_on_duty", "not_seen", "waited_for_pharmacist", "heard_late"]


@dataclass
class Story:
    seed: dict[str, Any]
    began: datetime
    ids: dict[int, str] = field(default_factory=dict)  # number of the message → the simulator's id

    first: str = ""  # the first message's id in our inbox

    @property
    def page(self) -> str:
        return CHANNELS[self.seed["channel"]][2]

    def wire_id(self, made: dict[str, Any]) -> str:
        """The id as webhooks and answers give it."""
        linkedin = self.seed["channel"].startswith("linkedin")
        return f"urn:li:comment:({made['post']},{made['id']})" if linkedin else str(made["id"])

    @property
    def counter(self) -> str:
        return AT_THE_COUNTER[self.seed["channel"].partition(":")[2]]

    def at(self, message: dict[str, Any]) -> datetime:
        return self.began + timedelta(minutes=message["minutes"])

    def turns(self, *sides: str) -> Iterator[tuple[int, dict[str, Any]]]:
        return ((number, message) for number, message in enumerate(self.seed["messages"]) if message["from"] in sides)


def play(simulator: Simulator, people: dict[str, Membership], *, now: datetime) -> int:
    """Let every story happen; return how many conversations there are."""
    seeds = json.loads(SEEDS.read_text())
    posts = {post["key"]: _publish(simulator, post, now) for post in seeds["posts"]}
    told = [Story(seed, now - timedelta(minutes=seed["age_minutes"])) for seed in seeds["conversations"]]
    for story in told:
        for number, message in story.turns("them", "native"):
            _write(simulator, story, number, message, posts)
    elsewhere.say(simulator, now)
    _arrive(simulator, now)
    elsewhere.look(now)
    Message.objects.update(received_at=F("sent_at") + ON_ITS_WAY)
    Wait.objects.update(heard_at=F("started_at") + ON_ITS_WAY)
    while names.learn(now=now + timedelta(minutes=1)):
        pass
    for post in seeds["posts"]:  # as their pictures and words would be read from the platform
        Post.objects.filter(external_id=posts[post["key"]]).update(text=post["text"])
    for story in told:
        for number, message in story.turns("us"):
            _answer(simulator, story, number, message, people)
    _arrive(simulator, now)
    _as_told_then()
    _dangers(people["bruno"], now)
    for story in told:
        _work(story, people, now)
    while waits.flag_due(now=now):
        pass
    _review(people["chantal"], now)
    return Conversation.objects.count()


def _as_told_then() -> None:
    """What the clocks recorded is told again as it would have been on the day, and not as all of it came just now."""
    Notice.objects.all().delete()
    Message.objects.update(received_at=F("sent_at") + ON_ITS_WAY, visible_at=F("sent_at") + ON_ITS_WAY)
    WaitEvent.objects.filter(kind__in=[*clock.Level]).delete()
    WaitEvent.objects.filter(kind=WaitEvent.Kind.CORRECTED, wait__outcome=Wait.Outcome.ANSWERED).update(
        kind=WaitEvent.Kind.ANSWERED
    )
    WaitEvent.objects.update(recorded_at=F("at") + ON_ITS_WAY)
    Wait.objects.filter(ended_at=None).update(flagged="", flag_at=F("warn_at"))
    for wait in Wait.objects.filter(ended_at__isnull=False).select_related("policy"):
        reached = wait.policy.target.reached(wait.started_at, wait.ended_at or wait.due_at)
        WaitEvent.objects.bulk_create(WaitEvent(wait=wait, kind=level, at=at, recorded_at=at) for at, level in reached)
    for conversation in Conversation.objects.all():
        first = conversation.messages.order_by("sent_at").values_list("sent_at", flat=True).first()
        Conversation.objects.filter(pk=conversation.pk).update(created_at=first or conversation.created_at)


def _dangers(pharmacist: Membership, now: datetime) -> None:
    """Whoever was in danger was so on that day, and the pharmacist took it on within minutes. What is of today still waits."""
    crises.attend(now=now)
    for crisis in Crisis.objects.open().select_related("conversation"):
        said = crisis.findings.aggregate(at=Min("message__sent_at"))["at"]
        Crisis.objects.filter(pk=crisis.pk).update(opened_at=said + ON_ITS_WAY, alerts=1)
        if said < now - timedelta(days=1):
            crises.acknowledge(crisis.conversation, by=pharmacist, now=said + TAKEN_AFTER)
        crises.mark(crisis.conversation)


def _publish(simulator: Simulator, post: dict[str, Any], now: datetime) -> str:
    page = CHANNELS[post["channel"]][2]
    return str(simulator.publish(page, post["text"], at=now - timedelta(minutes=post["age_minutes"]))["id"])


def _write(simulator: Simulator, story: Story, number: int, message: dict[str, Any], posts: dict[str, str]) -> None:
    write = _comment if story.seed["kind"] == "comment" else _message
    made = write(simulator, story, message, posts)
    story.ids[number] = made["id"]
    story.first = story.first or story.wire_id(made)


def _comment(simulator: Simulator, story: Story, message: dict[str, Any], posts: dict[str, str]) -> dict[str, Any]:
    text, at, parent = message.get("edited_from") or message["text"], story.at(message), story.ids.get(0)
    if message["from"] == "native":
        return simulator.native_comment(story.page, text, parent=parent, at=at)
    photo, post = (message.get("attachment") or {}).get("url", ""), posts[story.seed["post"]]
    made = simulator.comment(story.page, text, author=story.seed["author"], post=post, parent=parent, photo=photo, at=at)
    if message.get("edited_from"):
        simulator.edit_comment(made["id"], message["text"], at=at + timedelta(minutes=2))
    if message.get("removed"):
        simulator.remove_comment(made["id"], at=at + timedelta(minutes=35))
    if message.get("hidden"):
        simulator.hide_comment(made["id"], at=at + timedelta(minutes=3))
    return made


def _message(simulator: Simulator, story: Story, message: dict[str, Any], posts: dict[str, str]) -> dict[str, Any]:
    text, at, author = message.get("edited_from") or message["text"], story.at(message), story.seed["author"]
    if message["from"] == "native":
        return simulator.native_message(story.page, text, author=author, at=at)
    attachments = [message["attachment"]] if message.get("attachment") else []
    made = simulator.message(story.page, text, author=author, attachments=attachments, at=at)
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
    message = Message.objects.select_related("conversation").get(channel__external_id=story.page, external_id=story.first)
    related = ("channel", "location", "contact", "post", "organization")
    return Conversation.objects.select_related(*related).get(pk=message.conversation_id)


def _answer(simulator: Simulator, story: Story, number: int, message: dict[str, Any], people: dict[str, Membership]) -> None:
    conversation, at = _conversation(story), story.at(message)
    version = _version(conversation, message.get("template_title"))
    author = people[story.counter if version else "bruno"]
    words = replies.Words(
        version, message.get("language", "fr"), {"answer": message.get("answer", "")}, "" if version else message["text"]
    )
    mode = replies.modes(conversation)[0]
    text = replies.draw(conversation, words, by=author, mode=mode, now=at).text or message["text"]
    if story.seed["kind"] == "comment":
        made = simulator.native_comment(story.page, text, parent=story.ids[0], at=at)
    else:
        made = simulator.native_message(story.page, text, author=story.seed["author"], at=at)
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


def _work(story: Story, people: dict[str, Membership], now: datetime) -> None:
    """What staff did besides answering: took it, noted, closed, excluded."""
    seed, conversation = story.seed, _conversation(story)
    counter = people[story.counter]
    if who := seed.get("assignee"):
        member = people[ROLES.get(who, story.counter)]
        conversations.assign(conversation, member, by=member, now=min(now, story.began + timedelta(minutes=10)))
    for note in seed.get("notes", ()):
        member = people[ROLES.get(note["by"], story.counter)]
        at = min(now, story.began + timedelta(minutes=note["minutes"]))
        Note.objects.create(conversation=conversation, author=member, text=note["text"], created_at=at)
    last = seed["messages"][-1]
    if seed["scenario"].startswith("answered") and last["from"] == "them":  # a last thank-you needs no reply
        outcome = Conversation.Outcome.NO_REPLY_NEEDED
        conversations.close(conversation, outcome, by=counter, now=story.at(last) + timedelta(minutes=20))
    if seed["scenario"] == "closed":
        at = story.began + timedelta(hours=2)
        conversations.close(conversation, seed["outcome"], by=counter, now=at)
    if seed["scenario"] == "excluded":
        conversations.close(conversation, Conversation.Outcome.SPAM, by=people["bruno"], now=story.began + timedelta(hours=1))


def _review(manager: Membership, now: datetime) -> None:
    """The older misses have been looked into; the newest wait for it."""
    found = misses.missed(Wait.objects.visible_to(manager), now=now).filter(ended_at__isnull=False).order_by("due_at")
    for number, wait in enumerate(found[:4]):
        at = wait.due_at + timedelta(days=1)
        if at > now:
            break
        note = "Revu en réunion d’équipe; la garde du soir regarde maintenant la boîte à 20 h."
        sign = misses.sign if number < 3 else misses.review
        sign(wait, cause=CAUSES[number % len(CAUSES)], note=note if number < 2 else "", by=manager, now=at)
