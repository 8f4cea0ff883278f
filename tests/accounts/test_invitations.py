import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone, translation

from accounts.access import Role
from accounts.models import AuditEntry, Invitation, Membership, User
from accounts.team import invitations
from tests.factories import DAY, MINUTE, make_location, make_member

pytestmark = pytest.mark.django_db
PASSWORD = "corail tambour orge 12"


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.ADMIN, name="Bo Exemple")


def invited(boss, email="nadia@example.com", *, now=None, **fields):
    terms = {"name": "Nadia Exemple", "role": "staff", "all_locations": True, "locations": []}
    return invitations.invite(boss.organization, email=email, by=boss, now=now or timezone.now(), **terms | fields)


def link(token):
    return reverse("accounts:invitation", args=[token])


def join(client, token, **data):
    return client.post(link(token), {"name": "Nadia Exemple", "password": PASSWORD, "again": PASSWORD} | data)


def test_the_link_is_mailed_shown_once_and_kept_only_as_a_digest(sign_in, boss, place):
    data = {"email": "Nadia@Example.com", "name": "Nadia Exemple", "role": "staff", "locations": [place.pk]}
    client = sign_in(boss)

    answer = client.post(reverse("accounts:invite"), data)

    token = re.search(r"/team/join/([\w-]+)/", answer.content.decode())[1]
    invitation = Invitation.objects.get()
    assert mail.outbox[0].to == ["nadia@example.com"]
    assert token in mail.outbox[0].body
    assert (invitation.digest, invitation.email) == (invitations.digest_of(token), "nadia@example.com")
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))
    assert token not in client.get(reverse("accounts:people")).content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_mail_server_that_refuses_does_not_lose_the_invitation(sign_in, boss, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    data = {"email": "nadia@example.com", "name": "Nadia", "role": "staff", "all_locations": "on"}

    answer = sign_in(boss).post(reverse("accounts:invite"), data)

    assert "could not be sent" in answer.content.decode()
    assert "/team/join/" in answer.content.decode()


class Refusing(BaseEmailBackend):
    """A mail server that does not know who a mail is for."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused(dict.fromkeys(messages[0].to, (550, b"no such user")))


def test_the_log_tells_why_no_mail_left_and_not_to_whom(sign_in, boss, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    data = {"email": "nadia@example.com", "name": "Nadia", "role": "staff", "all_locations": "on"}

    answer = sign_in(boss).post(reverse("accounts:invite"), data)

    assert "could not be sent" in answer.text
    assert "SMTPRecipientsRefused" in caplog.text
    assert "nadia" not in caplog.text


@pytest.mark.parametrize(("language", "code"), [("fr", "fr-ca"), ("en", "en")])
def test_the_mail_is_written_in_the_organizations_language(boss, language, code):
    boss.organization.language = language
    boss.organization.save()
    invitation, token = invited(boss)

    invitations.mail(invitation, f"https://example.com/{token}")

    with translation.override(code):
        assert translation.gettext("Open this link to choose your password:") in mail.outbox[0].body
    assert token in mail.outbox[0].body


def test_a_new_person_joins_with_a_password_and_is_signed_in(client, boss, place):
    _invitation, token = invited(boss, all_locations=False, locations=[place], role="pharmacist")

    answer = join(client, token)

    member = Membership.objects.get(user__email="nadia@example.com")
    assert answer.status_code == 302
    assert (member.role, list(member.locations.all()), member.all_locations) == ("pharmacist", [place], False)
    assert member.user.check_password(PASSWORD)
    assert client.get(reverse("inbox:list")).status_code == 200
    assert AuditEntry.objects.first().action == "member.joined"


def test_an_invitation_works_once(client, boss):
    _invitation, token = invited(boss)
    join(client, token)
    client.logout()

    assert client.get(link(token)).status_code == 404
    assert join(client, token).status_code == 404
    assert Membership.objects.filter(user__email="nadia@example.com").count() == 1


def test_of_two_clicks_at_once_the_second_finds_it_used(boss):
    invitation, _token = invited(boss)
    invitations.accept_as_new(invitation, name="N", password=PASSWORD, language="en", now=timezone.now())

    with pytest.raises(invitations.NotOpen):
        invitations.accept(invitation, user=User.objects.get(email="nadia@example.com"), now=timezone.now())


def test_an_invitation_is_open_until_its_last_moment_and_not_after(boss):
    invitation, token = invited(boss)

    assert invitations.find(token, now=invitation.expires_at - MINUTE)
    with pytest.raises(invitations.NotOpen):
        invitations.find(token, now=invitation.expires_at)
    with pytest.raises(invitations.NotOpen):
        invitations.accept(invitation, user=User(email=invitation.email), now=invitation.expires_at)


def test_an_expired_link_makes_nobody_a_member(client, boss):
    _invitation, token = invited(boss, now=timezone.now() - 8 * DAY)

    assert client.get(link(token)).status_code == 404
    assert join(client, token).status_code == 404
    assert not User.objects.filter(email="nadia@example.com").exists()


def test_a_withdrawn_link_makes_nobody_a_member(client, sign_in, boss):
    invitation, token = invited(boss)
    sign_in(boss).post(reverse("accounts:withdraw", args=[invitation.pk]))
    client.logout()

    assert join(client, token).status_code == 404
    assert not User.objects.filter(email="nadia@example.com").exists()


def test_a_used_invitation_cannot_be_withdrawn(client, boss):
    invitation, token = invited(boss)
    join(client, token)

    with pytest.raises(invitations.NotOpen):
        invitations.withdraw(invitation, by=boss, now=timezone.now())


def test_a_second_invitation_withdraws_the_first(client, boss):
    _first, old = invited(boss)
    _second, new = invited(boss)

    assert client.get(link(old)).status_code == 404
    assert client.get(link(new)).status_code == 200


def test_a_made_up_link_is_answered_like_a_used_one(client, db):
    assert client.get(link("no-such-token")).status_code == 404


def test_the_link_is_refused_to_somebody_signed_in_with_another_address(sign_in, boss, ana):
    _invitation, token = invited(boss)
    client = sign_in(ana)

    assert client.get(link(token)).status_code == 403
    assert client.post(link(token)).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_makes_nobody_else_a_member(boss, ana):
    invitation, _token = invited(boss)

    with pytest.raises(invitations.NotYours):
        invitations.accept(invitation, user=ana.user, now=timezone.now())


def test_somebody_with_an_account_signs_in_first_and_then_joins(client, sign_in, boss, outsider):
    _invitation, token = invited(boss, email=outsider.user.email)

    page = client.get(link(token))
    assert f"{reverse('account_login')}?next={link(token)}" in page.content.decode()
    assert join(client, token).status_code == 200  # no password may be set over an account that exists
    assert not Membership.objects.filter(user=outsider.user, organization=boss.organization).exists()
    client = sign_in(outsider)
    client.get(link(token))
    client.post(link(token))

    assert Membership.objects.filter(user=outsider.user, organization=boss.organization, ended_at=None).exists()


def test_somebody_who_left_comes_back_by_invitation(sign_in, boss, ana):
    Membership.objects.filter(pk=ana.pk).update(ended_at=timezone.now())
    _invitation, token = invited(boss, email=ana.user.email, role="manager")

    sign_in(ana).post(link(token))

    ana.refresh_from_db()
    assert (ana.ended_at, ana.role) == (None, "manager")


def test_a_member_is_not_invited_again(sign_in, boss, ana):
    data = {"email": ana.user.email.upper(), "name": "Ana", "role": "staff", "all_locations": "on"}

    assert sign_in(boss).post(reverse("accounts:invite"), data).status_code == 422
    assert not mail.outbox


@pytest.mark.parametrize("password", ["short", "123456789012", "password1234", "nadia@example.com"])
def test_a_weak_password_is_refused(client, boss, password):
    _invitation, token = invited(boss)

    assert join(client, token, password=password, again=password).status_code == 422
    assert join(client, token, again="another long password").status_code == 422
    assert not User.objects.filter(email="nadia@example.com").exists()


def test_joining_gives_a_new_session_key(client, boss):
    _invitation, token = invited(boss)
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key

    client.cookies["sessionid"] = before
    join(client, token)

    assert client.session.session_key != before


def test_guessing_links_meets_the_limit(client, db):
    answers = [join(client, f"guess-{number}").status_code for number in range(25)]

    assert answers[0] == 404
    assert answers[-1] == 429


def test_an_invitation_of_another_organization_cannot_be_withdrawn(sign_in, boss, outsider):
    invitation, _token = invited(boss)

    assert sign_in(outsider).post(reverse("accounts:withdraw", args=[invitation.pk])).status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


def test_a_location_may_not_be_anothers(sign_in, boss):
    foreign = make_location()
    data = {"email": "n@example.com", "name": "N", "role": "staff", "locations": [foreign.pk]}

    assert sign_in(boss).post(reverse("accounts:invite"), data).status_code == 422
