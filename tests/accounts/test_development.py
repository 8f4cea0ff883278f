from importlib import reload

import pytest
from django.http import Http404
from django.urls import NoReverseMatch, clear_url_caches, reverse

import accounts.urls
import config.urls
from accounts.sign_in.development import demo_people
from accounts.views.development import demo_sign_in
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(place):
    return make_member(place.organization, name="Dora Démo", email="dora@demo.example.com")


def reread_urls():
    reload(accounts.urls)
    reload(config.urls)
    clear_url_caches()


@pytest.fixture
def development(settings):
    settings.DEBUG = True
    reread_urls()


@pytest.fixture
def production(settings):
    settings.DEBUG = False
    reread_urls()
    yield
    settings.DEBUG = True  # as the other tests found them
    reread_urls()


def test_in_development_one_click_signs_a_demo_person_in(client, development, dora):
    assert "Dora Démo" in client.get(reverse("account_login")).content.decode()

    answer = client.post(reverse("accounts:demo_sign_in"), {"email": dora.user.email})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(dora.user.pk)


def test_in_development_other_people_still_need_their_password(client, development, ana):
    assert client.post(reverse("accounts:demo_sign_in"), {"email": ana.user.email}).status_code == 404
    assert client.get(reverse("accounts:demo_sign_in")).status_code == 405
    assert "_auth_user_id" not in client.session


def test_in_production_the_url_does_not_exist(client, production, dora):
    with pytest.raises(NoReverseMatch):
        reverse("accounts:demo_sign_in")
    assert client.post("/team/demo/", {"email": dora.user.email}).status_code in {302, 404}
    assert "_auth_user_id" not in client.session
    assert "Dora Démo" not in client.get(reverse("account_login")).content.decode()


def test_in_production_the_view_itself_refuses(rf, production, dora):
    with pytest.raises(Http404):
        demo_sign_in(rf.post("/team/demo/", {"email": dora.user.email}))

    assert not demo_people().exists()


@pytest.mark.parametrize("address", ["/nowhere/", "/inbox/999999999/"])
def test_in_development_what_is_not_found_looks_as_it_does_anywhere(development, sign_in, ana, address):
    answer = sign_in(ana).get(address)

    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in answer.text
    assert "Request Method" not in answer.text  # of Django's own


def test_in_development_a_slash_that_was_left_out_is_added(development, sign_in, ana):
    assert sign_in(ana).get("/inbox").url == "/inbox/"
