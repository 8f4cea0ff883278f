import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db
PASSWORD = "corail tambour orge 12"


@pytest.fixture
def ana(ana):
    ana.user.set_password(PASSWORD)
    ana.user.save()
    EmailAddress.objects.create(user=ana.user, email=ana.user.email, verified=True, primary=True)
    return ana


def sign(client, member, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": member.user.email, "password": password})


def code_of(secret):
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"


def test_signing_in_gives_a_new_session_key_and_opens_the_inbox(client, ana):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    answer = sign(client, ana)

    assert answer.status_code == 302
    assert client.session.session_key != planted
    assert client.get(reverse("inbox:list")).status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, ana):
    wrong = sign(client, ana, "not the password")
    unknown = client.post(reverse("account_login"), {"login": "nobody@example.com", "password": "x"})

    def errors(answer):
        return re.findall(r'role="alert".*?</div></div>', answer.content.decode(), re.DOTALL)

    assert errors(wrong)
    assert errors(wrong) == errors(unknown)


def test_after_five_wrong_passwords_even_the_right_one_waits(client, ana):
    for _attempt in range(5):
        sign(client, ana, "not the password")

    assert sign(client, ana).status_code == 200
    assert client.get(reverse("inbox:list")).status_code == 302


def test_too_many_attempts_from_one_address_meet_the_429_page(client, db):
    answers = [
        client.post(reverse("account_login"), {"login": f"p{number}@example.com", "password": "x"}) for number in range(35)
    ]

    assert answers[-1].status_code == 429
    assert "429.html" in [template.name for template in answers[-1].templates]


def test_an_inactive_person_does_not_come_in(client, ana):
    User.objects.filter(pk=ana.user.pk).update(is_active=False)

    sign(client, ana)

    assert client.get(reverse("inbox:list")).status_code == 302


def test_the_second_step_from_turning_on_to_signing_in_with_it(client, ana):
    sign(client, ana)
    asked_again = client.get(reverse("mfa_activate_totp"))
    assert asked_again.url.startswith(reverse("account_reauthenticate"))
    page = client.post(asked_again.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    refused = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client.post(reverse("account_logout"))

    assert refused.status_code == 200
    kept = Authenticator.objects.get(user=ana.user, type="totp")
    assert secret not in str(kept.data)  # a copy of the database is not enough
    answer = sign(client, ana)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("inbox:list")).status_code == 302  # the password alone opens nothing
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(reverse("inbox:list")).status_code == 302
    codes = Authenticator.objects.get(user=ana.user, type="recovery_codes").wrap().get_unused_codes()
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get(reverse("inbox:list")).status_code == 200


def test_a_code_of_the_app_opens_the_second_step(client, ana):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(ana.user, secret)
    sign(client, ana)

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.get(reverse("inbox:list")).status_code == 200


def test_a_recovery_code_works_once(client, ana):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ana.user, generate_totp_secret())
    code = RecoveryCodes.activate(ana.user).get_unused_codes()[0]
    for expected in (200, 302):
        sign(client, ana)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(reverse("inbox:list")).status_code == expected
        client.logout()


@pytest.mark.parametrize("language", ["fr-ca", "en"])
def test_a_forgotten_password_is_replaced_by_mail_in_the_persons_language(client, ana, language):
    User.objects.filter(pk=ana.user.pk).update(language=language)

    client.post(reverse("account_reset_password"), {"email": ana.user.email}, headers={"Accept-Language": "de"})
    address = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(address, follow=True)
    action = form.request["PATH_INFO"]
    weak = client.post(action, {"password1": "123456789012", "password2": "123456789012"})
    done = client.post(action, {"password1": "neuf mots bien choisis", "password2": "neuf mots bien choisis"})

    assert weak.status_code == 200
    assert done.status_code == 302
    assert sign(client, ana, "neuf mots bien choisis").status_code == 302
    with translation.override(language):
        assert translation.gettext("If it was not you, nothing changes: you need do nothing.") in mail.outbox[0].body
    # the link is used up
    client.logout()
    again = client.get(address, follow=True)
    assert again.context.get("token_fail") is True


def test_a_reset_for_an_unknown_address_says_the_same_and_mails_nobody(client, ana):
    known = client.post(reverse("account_reset_password"), {"email": ana.user.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_a_changed_password_ends_the_other_sessions_and_is_told_by_mail(client, ana):
    from django.test import Client

    elsewhere = Client()
    sign(elsewhere, ana)
    sign(client, ana)
    new = "neuf mots bien choisis"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert client.get(reverse("inbox:list")).status_code == 200
    assert elsewhere.get(reverse("inbox:list")).status_code == 302
    assert "password" in mail.outbox[-1].body


def test_nobody_signs_up_by_themselves(client):
    data = {"email": "me@example.com", "password1": PASSWORD, "password2": PASSWORD}

    assert client.get(reverse("account_signup")).status_code == 200
    client.post(reverse("account_signup"), data)

    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["account_email", "account_confirm_email", "socialaccount_login_error"])
def test_pages_of_allauth_that_nobody_needs_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("target", ["https://elsewhere.example.com/", "//elsewhere.example.com"])
def test_signing_in_never_leads_elsewhere(client, ana, target):
    answer = client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD, "next": target})

    assert "elsewhere" not in answer.url


def test_signing_out_needs_a_post(client, ana):
    sign(client, ana)

    client.get(reverse("account_logout"))
    assert client.get(reverse("inbox:list")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("inbox:list")).status_code == 302


def test_the_recovery_codes_wear_our_frame_and_no_inline_code(client, ana):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    sign(client, ana)
    TOTP.activate(ana.user, generate_totp_secret())
    codes = RecoveryCodes.activate(ana.user).get_unused_codes()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.get(reverse("mfa_view_recovery_codes"), follow=True).content.decode()

    assert codes[0] in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


OWN_PAGES = [
    "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_reauthenticate", "account_logout",
]  # fmt: skip


@pytest.mark.parametrize("name", OWN_PAGES)
def test_allauths_pages_wear_our_frame_and_no_inline_code(client, ana, name):
    sign(client, ana)

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse(name), follow=True).content.decode()

    assert "css/tokens.css" in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"""\s(style|on\w+)=["']""", page)


def test_a_change_of_how_somebody_signs_in_is_told_in_the_trail(client, ana):
    sign(client, ana)
    new = "neuf mots bien choisis"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor, entry.organization) == ("user.password_changed", ana, ana.organization)
    assert new not in str(entry.detail)
