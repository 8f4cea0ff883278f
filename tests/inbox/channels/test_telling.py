import pytest

from accounts.access import Role
from inbox.channels import telling, troubles
from inbox.models import Channel, Notice, Trouble
from inbox.news import mails
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_location, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(place):
    return make_channel(place, name="Pharmacie du Vieux-Quai sur Facebook")


@pytest.fixture
def admin(place):
    return make_member(place.organization, Role.ADMIN, email="admin@example.com", name="Alix Exemple", language="fr-ca")


def lapse(page, at, **ends):
    Channel.objects.filter(pk=page.pk).update(**ends)
    telling.lapsing(now=at)
    return Notice.objects.filter(kind="ends_soon").count()


@pytest.mark.parametrize("what", ["token_expires_at", "access_expires_at"])
def test_the_end_of_an_access_is_told_14_7_and_1_days_before_each_once(page, admin, what):
    ends = {what: NOON}
    moments = [14 * DAY + SECOND, 14 * DAY, 8 * DAY, 7 * DAY, 2 * DAY, DAY, HOUR]

    assert [lapse(page, NOON - before, **ends) for before in moments] == [0, 1, 1, 2, 2, 3, 3]

    assert [bool(notice.mail_at) for notice in Notice.objects.order_by("pk")] == [False, False, True]


def test_after_a_clock_that_stood_still_only_the_last_warning_is_told(page, admin):
    assert lapse(page, NOON - 2 * DAY, token_expires_at=NOON) == 1


def test_another_end_is_another_warning_and_what_has_ended_is_told_otherwise(page, admin):
    lapse(page, NOON - 7 * DAY, token_expires_at=NOON)

    assert lapse(page, NOON - 7 * DAY, token_expires_at=NOON + HOUR) == 2
    assert lapse(page, NOON + 2 * HOUR, token_expires_at=NOON + HOUR) == 2


def test_nobody_is_warned_of_a_page_that_is_disconnected(page, admin):
    assert lapse(page, NOON - DAY, token_expires_at=NOON, disconnected_at=NOON - DAY) == 0


def break_down(page, kind=Trouble.Kind.TOKEN_DEAD):
    troubles.begin(page, kind, since=NOON - HOUR, now=NOON)


def test_what_is_broken_is_told_by_mail_in_the_readers_language_once(page, admin, mailoutbox, settings):
    settings.PUBLIC_URL = "https://comptoir.example.com"
    make_member(page.organization, Role.MANAGER, email="manager@example.com")
    break_down(page)

    assert mails.send_due(now=NOON) == 2
    assert mails.send_due(now=NOON + DAY) == 0

    written = {mail.to[0]: mail for mail in mailoutbox}
    french, english = written["admin@example.com"], written["manager@example.com"]
    what = "La plateforme n’accepte plus le jeton d’accès d’une page"
    assert french.subject == f"Pharmacie du Vieux-Quai sur Facebook\N{NO-BREAK SPACE}: {what}"
    assert "Bonjour Alix Exemple," in french.body
    assert f"https://comptoir.example.com{page.get_absolute_url()}" in french.body
    assert "The platform no longer accepts the access token of a page" in english.body


def test_many_pages_at_once_make_one_mail(page, admin, mailoutbox):
    other = make_channel(page.location, name="La même pharmacie sur Instagram", platform="instagram")
    break_down(page)
    break_down(other)

    mails.send_due(now=NOON)

    [mail] = mailoutbox
    assert "2 éléments" in mail.subject
    assert page.name in mail.body
    assert other.name in mail.body


def test_what_is_only_worth_a_look_makes_no_mail(page, admin, mailoutbox):
    break_down(page, Trouble.Kind.SILENT)

    mails.send_due(now=NOON)

    assert Notice.objects.exists()
    assert not mailoutbox


def test_a_mail_server_that_is_away_is_asked_again(page, admin, mailoutbox, settings):
    break_down(page)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )

    assert mails.send_due(now=NOON) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mails.send_due(now=NOON + MINUTE) == 1


def test_a_trouble_is_one_however_often_it_is_found_and_ends_once(page):
    first = troubles.begin(page, Trouble.Kind.SILENT, since=NOON, now=NOON)

    assert first
    assert troubles.begin(page, Trouble.Kind.SILENT, since=NOON, now=NOON + HOUR) is None
    assert troubles.end(page, Trouble.Kind.SILENT, at=NOON + 2 * HOUR)
    assert not troubles.end(page, Trouble.Kind.SILENT, at=NOON + 3 * HOUR)
    assert Trouble.objects.get().ended_at == NOON + 2 * HOUR


def test_a_page_of_another_location_is_nobodys_business(page, mailoutbox):
    make_member(page.organization, Role.MANAGER, locations=[make_location(page.organization)])
    break_down(page)

    assert mails.send_due(now=NOON) == 0
