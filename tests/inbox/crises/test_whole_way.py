"""From a signed webhook to the right view, banner, badge and alert: each row of the table of crises, with the real rules."""

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.team import duty
from config.services.processes import until
from inbox import jobs, tasks
from inbox.models import Conversation, Crisis, Notice
from inbox.news import mails
from tests.factories import HOUR, MINUTE, make_channel, make_member, make_version, make_waiting
from tests.inbox.wire import feed, messenger, post

pytestmark = pytest.mark.django_db
SOON = 20  # seconds at most

# kind, what is written, the banner's title, whom they can call
ROWS = [
    ("self_harm", "J’en peux plus, je veux mourir", "may want to end their life", ["1 866 277-3553", "535353", "911", "9-8-8"]),
    ("self_harm", "I don't want to be alive anymore", "may want to end their life", ["1 866 277-3553", "535353", "911", "9-8-8"]),
    ("self_harm", "combien de tylenol faut prendre pour en finir", "may want to end their life", ["1 866 277-3553"]),
    ("emergency", "mon père a mal dans la poitrine et son bras gauche est engourdi", "medical emergency", ["911", "811"]),
    ("emergency", "mon gars a avalé une pile bouton", "medical emergency", ["911", "811"]),
    ("emergency", "mon bébé de 3 mois fait 39 de fièvre", "medical emergency", ["911", "811"]),
    ("poisoning", "ma fille de 2 ans a mangé mes pilules", "may be a poisoning", ["1 800 463-5060", "911"]),
    ("poisoning", "mon chien a mangé mes Advil", "a veterinarian, not the poison centre", ["1 855 764-7661"]),
    (
        "medication_error",
        "vous m'avez donné le sac de quelqu'un d'autre et j'en ai pris",
        "medication error may have reached someone",
        ["1 800 463-5060", "811", "911"],
    ),
    ("threat", "je vais venir vous casser la gueule", "may be a threat", ["911"]),
]
BADGES = {
    "self_harm": "Self-harm",
    "emergency": "Emergency",
    "poisoning": "Poisoning",
    "medication_error": "Medication error",
    "threat": "Threat",
}


@pytest.fixture
def desk(place, mailoutbox):
    """A pharmacist on duty and one who is not, a manager, and somebody who is late already."""
    on_duty = make_member(place.organization, Role.PHARMACIST, name="Odile Exemple")
    make_member(place.organization, Role.PHARMACIST, name="Repos Exemple")
    manager = make_member(place.organization, Role.MANAGER, name="Mona Exemple")
    duty.put(place, [on_duty], by=manager, now=timezone.now())
    return make_waiting(make_channel(place), at=timezone.now() - 40 * HOUR, text="Vos heures?")


def arrive(client, body):
    assert post(client, body) == 200
    jobs.drain_deliveries()


@pytest.mark.parametrize(("kind", "text", "title", "numbers"), ROWS)
def test_each_danger_is_seen_and_people_are_told(
    client, sign_in, place, desk, ana, mailoutbox, kind, text, title, numbers
):  # fmt: skip
    channel, late = make_channel(place), desk
    make_version(place.organization, topic=kind if kind != "threat" else "abuse", title_en="The right words")
    make_version(place.organization, topic="hours", title_en="The wrong words")
    at = timezone.now() - MINUTE

    arrive(client, feed(channel, "1", at, message=text))

    conversation = Conversation.objects.get(channel=channel)
    assert Crisis.objects.get().type == kind
    worker = sign_in(ana)
    listed = worker.get("/inbox/").text
    assert listed.index(f'id="row-{conversation.pk}"') < listed.index(f'id="row-{late.pk}"')
    assert BADGES[kind] in listed[listed.index(f'id="row-{conversation.pk}"') :]
    assert "Somebody may be in danger" in listed

    page = worker.get(conversation.get_absolute_url()).text
    banner = page[page.index('class="crisis"') : page.index('class="talk"')]
    assert title in banner
    assert [number for number in numbers if number not in banner] == []
    assert "<q>" in banner

    told = Notice.objects.filter(kind="crisis").values_list("membership__user__name", flat=True)
    assert sorted(told) == ["Mona Exemple", "Odile Exemple"]
    mails.send_due(now=timezone.now())
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        assert conversation.get_absolute_url() in mail.body
        assert text not in mail.body + mail.subject
        assert "Julie" not in mail.body + mail.subject

    composer = worker.get(f"/conversations/{conversation.pk}/reply/").text
    assert "The wrong words" not in composer
    assert ("The right words" in composer) == (kind != "threat")


def test_thanks_later_lower_nothing_and_worse_words_raise_it(client, place, desk):
    channel, at = make_channel(place), timezone.now() - 10 * MINUTE
    arrive(client, messenger(channel, "m_1", at, text="j'ai pris 20 tylenol"))
    arrive(client, messenger(channel, "m_2", at + MINUTE, text="merci 🙏 vous êtes fins"))

    conversation = Conversation.objects.get(channel=channel)
    assert (conversation.urgency, conversation.waiting_count) == (0, 2)
    assert "poisoning" in conversation.badges

    arrive(client, messenger(channel, "m_3", at + 2 * MINUTE, text="de toute façon je veux mourir"))

    assert set(Crisis.objects.open().values_list("type", flat=True)) == {"poisoning", "self_harm"}


def test_a_figure_of_speech_calls_nobody(client, place, desk):
    arrive(client, feed(make_channel(place), "1", timezone.now(), message="Je suis mort de rire, vous êtes trop drôles"))

    assert not Crisis.objects.exists()
    assert not Notice.objects.exists()


def test_words_that_become_dangerous_by_an_edit_are_seen(client, place, desk):
    channel, at = make_channel(place), timezone.now() - MINUTE
    arrive(client, feed(channel, "1", at, message="Bonjour!"))
    assert not Crisis.objects.exists()

    arrive(client, feed(channel, "1", at, verb="edited", message="Je veux mourir"))

    assert Crisis.objects.get().type == "self_harm"


def test_what_its_author_takes_back_stays_a_danger(client, place, desk):
    channel, at = make_channel(place), timezone.now() - MINUTE
    arrive(client, feed(channel, "1", at, message="Je veux mourir"))
    arrive(client, feed(channel, "1", at, verb="remove"))

    tasks.watch_crises()

    assert Crisis.objects.get().ended_at is None


@pytest.mark.django_db(transaction=True)
def test_the_clock_sees_what_a_worker_left_behind(client, place, desk, mailoutbox, monkeypatch):
    monkeypatch.setattr(jobs, "_attend", lambda: None)  # the worker dies between taking it in and telling
    arrive(client, feed(make_channel(place), "1", timezone.now(), message="Je veux mourir"))
    assert not Crisis.objects.exists()

    assert tasks.watch_crises() == 1

    assert Crisis.objects.get().alerts == 1
    assert until(lambda: len(mailoutbox) == 2, SOON)  # in a lane of its own
    assert tasks.watch_crises() == 0
