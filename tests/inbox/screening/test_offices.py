"""From a signed webhook to the notice and the mail: what is somebody's own work is told to them, once."""

import pytest
from django.utils import timezone

from accounts.access import Role
from inbox import conversations, jobs
from inbox.models import Conversation, Finding, Notice, Wait
from inbox.news import mails
from inbox.screening import offices
from tests.factories import DAY, MINUTE, make_channel, make_finding, make_location, make_member, make_waiting
from tests.inbox.wire import messenger, post

pytestmark = pytest.mark.django_db
MEDIA = "Bonjour, je suis journaliste à La Presse et je prépare un reportage"
LAW = "Vous allez recevoir une mise en demeure de mon avocat"


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER, name="Mona Exemple")


@pytest.fixture
def channel(place):
    return make_channel(place)


def told():
    return sorted(str(notice.membership) for notice in Notice.objects.filter(kind="reserved"))


def arrive(client, channel, number, text):
    assert post(client, messenger(channel, number, timezone.now() - MINUTE, text=text)) == 200
    jobs.drain_deliveries()


@pytest.mark.parametrize("text", [MEDIA, LAW])
def test_managers_of_the_place_are_told_once_and_by_mail(client, sign_in, place, channel, manager, ana, mailoutbox, text):
    make_member(place.organization, Role.MANAGER, locations=[make_location(place.organization)], name="Ailleurs Exemple")
    arrive(client, channel, "1", text)
    arrive(client, channel, "2", text)

    assert told() == ["Mona Exemple"]
    mails.send_due(now=timezone.now())
    [mail] = mailoutbox
    assert mail.to == [manager.user.email]
    assert "For a manager alone to answer" in mail.subject + mail.body
    assert Conversation.objects.get().get_absolute_url() in mail.body
    for untold in ("URGENT", "I am taking this on", "journaliste", "mise en demeure"):
        assert untold not in mail.subject + mail.body
    assert "For a manager alone to answer" in sign_in(manager).get("/inbox/notices/").text


def test_what_comes_when_the_first_was_answered_is_told_anew(client, channel, manager):
    arrive(client, channel, "1", MEDIA)
    Wait.objects.update(ended_at=timezone.now(), outcome="answered")
    arrive(client, channel, "2", LAW)

    assert told() == ["Mona Exemple", "Mona Exemple"]


def test_where_there_is_no_manager_who_answers_there_is_told(client, channel, ana):
    arrive(client, channel, "1", MEDIA)

    assert told() == ["Ana Exemple"]


@pytest.mark.parametrize("fields", [{"historic": True}, {"direction": "out"}])
def test_nobody_is_told_of_what_was_there_before_or_of_our_own_words(channel, manager, fields):
    conversation = make_waiting(channel, at=timezone.now())
    conversation.messages.update(**fields)
    make_finding(conversation.messages.get(), family="route", type="legal")

    offices.tell(Finding.objects.all(), now=timezone.now())

    assert told() == []


def test_new_rules_tell_of_what_still_waits_and_not_of_what_is_over(channel, manager):
    over, waits = (make_waiting(channel, at=timezone.now() - 30 * DAY) for _ in range(2))
    conversations.close(over, "answered", by=manager, now=timezone.now())
    for conversation in (over, waits):
        make_finding(conversation.messages.get(), family="route", type="legal")

    offices.tell(Finding.objects.order_by("pk"), now=timezone.now())

    assert [notice.conversation for notice in Notice.objects.filter(kind="reserved")] == [waits]


OFFICERS = [
    (Role.PRIVACY, "privacy", "Je veux une copie de toutes les informations que vous avez sur moi"),
    (Role.PRIVACY, "privacy", "Vous m’avez remis le sac de quelqu’un d’autre avec son nom et son adresse dessus"),
    (Role.COMPLIANCE, "advertising", "Votre annonce dit que c’est garanti sans effets secondaires, c’est illégal"),
]


@pytest.mark.parametrize(("role", "kind", "text"), OFFICERS)
def test_the_officer_whose_work_it_is_is_told_once_and_by_mail(
    client, sign_in, place, channel, manager, mailoutbox, role, kind, text
):
    officer = make_member(place.organization, role, name="Omer Exemple")
    arrive(client, channel, "1", text)
    arrive(client, channel, "2", text)

    assert [notice.membership for notice in Notice.objects.filter(kind=kind)] == [officer]
    mails.send_due(now=timezone.now())
    [mail] = [mail for mail in mailoutbox if mail.to == [officer.user.email]]
    assert Conversation.objects.get().get_absolute_url() in mail.body
    assert text not in mail.body
    assert str(Notice.Kind(kind).label) in sign_in(officer).get("/inbox/notices/").text


@pytest.mark.parametrize(("role", "kind", "text"), OFFICERS)
def test_where_nobody_holds_the_office_managers_are_told(client, channel, manager, ana, role, kind, text):
    arrive(client, channel, "1", text)

    assert [notice.membership for notice in Notice.objects.filter(kind=kind)] == [manager]
