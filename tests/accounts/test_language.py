import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from accounts.web.middleware import language_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language_of_this_test_only():
    with translation.override("en"):
        yield


def asked(rf, header="", cookie=""):
    request = rf.get("/", headers={"Accept-Language": header} if header else {})
    if cookie:
        request.COOKIES["django_language"] = cookie
    return language_of(request)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "fr-ca"),
        ("en-US,en;q=0.9", "en"),
        ("en", "en"),
        ("en-CA,en;q=0.9,fr-CA;q=0.8", "fr-ca"),
        ("fr-CA", "fr-ca"),
        ("de,es", "fr-ca"),
        ("*", "fr-ca"),
        ("nonsense;;;", "fr-ca"),
    ],
)
def test_a_visitor_reads_french_unless_the_browser_wants_english_and_no_french(rf, header, expected):
    assert asked(rf, header) == expected


def test_the_cookie_of_a_visitor_comes_before_the_browser(rf):
    assert asked(rf, "fr", cookie="en") == "en"
    assert asked(rf, "en", cookie="fr-ca") == "fr-ca"
    assert asked(rf, "en", cookie="xx") == "en"


def test_the_person_comes_before_the_cookie(sign_in, ana):
    client = sign_in(ana)
    client.cookies["django_language"] = "fr-ca"

    assert client.get(reverse("accounts:me")).headers["Content-Language"] == "en"


def test_the_language_button_of_a_visitor_sets_the_cookie_and_goes_only_to_our_own_pages(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example.com/"})

    assert client.cookies["django_language"].value == "en"
    assert answer.url == "/"


def test_the_language_button_of_a_person_is_remembered_with_them(sign_in, ana):
    client = sign_in(ana)

    client.post(reverse("set_language"), {"language": "fr-ca", "next": "/team/me/"})

    ana.user.refresh_from_db()
    assert ana.user.language == "fr-ca"
    assert client.get(reverse("accounts:me")).headers["Content-Language"] == "fr-ca"
    assert AuditEntry.objects.first().action == "user.changed"


def test_an_unknown_language_changes_nothing(sign_in, ana):
    sign_in(ana).post(reverse("set_language"), {"language": "xx"})

    ana.user.refresh_from_db()
    assert ana.user.language == "en"


def test_own_settings_are_saved_and_shown(sign_in, ana):
    client = sign_in(ana)

    answer = client.post(reverse("accounts:me"), {"name": "Ana E.", "language": "en", "theme": "dark"})

    ana.user.refresh_from_db()
    page = client.get(reverse("accounts:me")).content.decode()
    assert answer.status_code == 302
    assert (ana.user.name, ana.user.shortcuts, ana.user.theme) == ("Ana E.", False, "dark")
    assert 'data-theme="dark"' in page


def test_settings_that_do_not_hold_are_shown_again(sign_in, ana):
    answer = sign_in(ana).post(reverse("accounts:me"), {"name": "", "language": "xx", "theme": "pink"})

    ana.user.refresh_from_db()
    assert answer.status_code == 422
    assert ana.user.name == "Ana Exemple"


def test_an_address_or_password_cannot_be_changed_with_the_settings(sign_in, ana):
    before = (ana.user.email, ana.user.password)

    data = {"name": "A", "language": "en", "theme": "light", "email": "x@example.com", "password": "x", "is_active": ""}
    sign_in(ana).post(reverse("accounts:me"), data)

    ana.user.refresh_from_db()
    assert (ana.user.email, ana.user.password) == before
    assert ana.user.is_active


SENT_TO = "/team/switch/"  # no page


@pytest.mark.parametrize(
    ("sent_from", "next_page"),
    [
        ("http://testserver/inbox/41/?view=mine", "/inbox/41/?view=mine"),
        ("https://elsewhere.example.com/inbox/41/", "/"),
        ("http://testserver//elsewhere.example.com/inbox/", "/%2Felsewhere.example.com/inbox/"),
        ("", "/"),
    ],
)
def test_the_language_button_of_an_error_leads_back_to_where_the_form_was(sign_in, ana, sent_from, next_page):
    answer = sign_in(ana).post(SENT_TO, headers={"Referer": sent_from})

    assert answer.status_code == 404
    assert f'name="next" value="{next_page}">' in answer.text


def test_who_is_signed_out_when_sending_a_form_comes_back_to_its_page(client):
    answer = client.post(SENT_TO, headers={"Referer": "http://testserver/inbox/41/"})

    assert answer.url == f"{reverse('account_login')}?next=/inbox/41/"


def test_a_browser_that_opens_what_only_takes_forms_is_led_to_the_beginning_and_a_program_is_told(sign_in, ana, client):
    assert sign_in(ana).get(SENT_TO, headers={"Accept": "text/html,*/*"}).url == "/"
    assert sign_in(ana).get(SENT_TO).status_code == 405
    assert client.get(reverse("set_language"), headers={"Accept": "text/html"}).url == "/"
