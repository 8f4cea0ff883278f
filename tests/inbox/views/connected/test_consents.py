"""Connecting by the platforms' own sign-in, through the simulated platforms' dialogs: there, back, choose, a first event."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.fernet import Fernet
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox import platforms
from inbox.channels.joining import consents
from inbox.models import Channel
from inbox.platforms.consent import Candidate
from tests.factories import NOON, make_channel, make_conversation, make_location, make_member, make_message

pytestmark = pytest.mark.django_db
FACEBOOK = "100200300400501"  # of the simulated platforms' own seeds


@pytest.fixture
def there(fresh, settings):
    """The platforms' side, with our app known to it and a page of each kind."""
    for variable in platforms.variables():
        if variable.kind == "url":
            setattr(settings, variable.name, fresh.url)
    settings.META_APP_ID, settings.INSTAGRAM_APP_ID = "112233445566778", "998877665544332"
    settings.LINKEDIN_CLIENT_ID = "dev-linkedin-client"
    return fresh


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.ADMIN)


@pytest.fixture
def client_of(sign_in, boss):
    return sign_in(boss)


def agree(dialog: str, *, decision: str = "agree") -> str:
    """What a person does in the platform's dialog: everything that is offered is chosen. The address they are sent back to."""
    page = requests.get(dialog, timeout=10)
    assert page.status_code == 200, page.text
    fields = re.findall(r"<input[^>]*>", page.text)
    given = [(_attribute(field, "name"), _attribute(field, "value")) for field in fields]
    data = [*(pair for pair in given if pair[0]), ("decision", decision)]
    answer = requests.post(
        dialog, data=data, cookies=page.cookies, headers={"Referer": dialog}, allow_redirects=False, timeout=10
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def _attribute(field: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', field)
    return found[1] if found else ""


def go(client, slug: str, **choice: str) -> str:
    """There and back; the page that one lands on."""
    dialog = client.get(f"/channels/consent/{slug}/")["Location"]
    back = urlsplit(agree(dialog, **choice))
    assert back.path == f"/channels/consent/{slug}/back/"
    return client.get(f"{back.path}?{back.query}")["Location"]


class TestTheWayThereAndBack:
    def test_a_facebook_page_is_connected_subscribed_and_ready(self, client_of, there, place):
        assert go(client_of, "facebook") == "/channels/choose/"

        text = client_of.get("/channels/choose/").text
        assert FACEBOOK in text
        number = re.search(rf'value="(\d+)"[^>]*>\s*<span>.*?{FACEBOOK}', text, re.S)[1]
        answer = client_of.post("/channels/choose/", {"page": number, f"location-{number}": place.pk})

        channel = Channel.objects.get(platform="facebook", external_id=FACEBOOK)
        assert answer["Location"] == f"/channels/{channel.pk}/started/"
        assert (channel.location, channel.subscribed, channel.missing_permissions) == (place, True, [])
        assert channel.grantor_id

    def test_the_page_after_waits_for_a_first_event_and_shows_it(self, client_of, there, place):
        channel = make_channel(place, connected_at=NOON, subscribed=True, checked_at=NOON)
        address = f"/channels/{channel.pk}/started/"
        assert "Waiting for a first event" in client_of.get(address).text

        message = make_message(make_conversation(channel), at=NOON)

        text = client_of.get(address, headers={"HX-Request": "true", "HX-Target": "started"}).text
        assert message.conversation.get_absolute_url() in text
        assert "every 3s" not in text  # nothing is asked any more

    def test_of_several_pages_the_list_says_of_each_that_its_first_event_is_waited_for(self, client_of, there, place):
        go(client_of, "facebook")
        found = re.findall(r'name="page" value="(\d+)"', client_of.get("/channels/choose/").text)
        given = {"page": found, **{f"location-{number}": place.pk for number in found}}

        answer = client_of.post("/channels/choose/", given)

        assert answer["Location"] == "/channels/"
        listed = client_of.get("/channels/").text
        connected = [f"/channels/{channel.pk}/started/" for channel in Channel.objects.all()]
        assert len(connected) > 1
        assert [address for address in connected if address not in listed] == []

    def test_linkedin_names_the_organizations_of_an_administrator(self, client_of, there, place):
        assert go(client_of, "linkedin") == "/channels/choose/"

        assert "urn:li:organization:" in client_of.get("/channels/choose/").text

    def test_instagram_by_its_own_login(self, client_of, there, place):
        assert go(client_of, "instagram") == "/channels/choose/"
        client_of.post("/channels/choose/", {"page": "0", "location-0": place.pk})

        channel = Channel.objects.get(platform="instagram")
        assert channel.settings["login"] == "instagram"
        assert channel.token_expires_at is not None


class TestWhatMayGoWrong:
    def test_who_declines_is_told_and_nothing_is_connected(self, client_of, there):
        assert go(client_of, "facebook", decision="refuse") == "/channels/connect/"

        assert "the permission was not given" in client_of.get("/channels/connect/").text
        assert not Channel.objects.exists()

    def test_an_answer_is_good_once_and_for_whoever_asked(self, client_of, there, sign_in, place):
        dialog = client_of.get("/channels/consent/facebook/")["Location"]
        back = urlsplit(agree(dialog))
        address = f"{back.path}?{back.query}"

        assert client_of.get(address)["Location"] == "/channels/choose/"
        assert client_of.get(address)["Location"] == "/channels/connect/"  # a second time

    @pytest.mark.parametrize(
        "query", ["", "code=x", "code=x&state=", "code=x&state=invented", "state=invented&error=access_denied"]
    )
    def test_an_invented_answer_leads_nowhere(self, client_of, there, query):
        client_of.get("/channels/consent/facebook/")

        assert client_of.get(f"/channels/consent/facebook/back/?{query}")["Location"] == "/channels/connect/"

    def test_an_invented_code_is_refused_by_the_platform_in_words(self, client_of, there):
        dialog = client_of.get("/channels/consent/facebook/")["Location"]
        state = parse_qs(urlsplit(dialog).query)["state"][0]

        client_of.get(f"/channels/consent/facebook/back/?code=invented&state={state}")

        assert "did not hand over its pages" in client_of.get("/channels/connect/").text

    def test_the_tokens_lie_sealed_in_the_session(self, client_of, there):
        go(client_of, "facebook")

        assert "EAA" not in str(dict(client_of.session.items()))
        assert "access_token" not in str(dict(client_of.session.items()))

    def test_a_page_of_another_organization_cannot_be_taken(self, client_of, there, place):
        theirs = make_channel(make_location(), external_id=FACEBOOK)
        go(client_of, "facebook")
        text = client_of.get("/channels/choose/").text
        assert "connected elsewhere" in text

        for number in range(text.count('name="page"')):
            client_of.post("/channels/choose/", {"page": str(number), f"location-{number}": place.pk})

        theirs.refresh_from_db()
        assert theirs.organization != place.organization

    def test_nothing_chosen_is_asked_again(self, client_of, there):
        go(client_of, "facebook")

        assert client_of.post("/channels/choose/", {}).status_code == 422

    def test_without_an_app_there_is_no_button_and_no_address(self, client_of, settings):
        assert "Continue with Facebook" not in client_of.get("/channels/connect/").text
        assert client_of.get("/channels/consent/facebook/").status_code == 404


def test_a_choice_that_was_sealed_with_a_key_that_is_gone_is_begun_again(client_of, settings):
    session = client_of.session
    consents.keep(session, [Candidate("facebook", FACEBOOK, "Vieux-Quai", "token")], now=timezone.now())
    session.save()
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]

    answer = client_of.get(reverse("channels:choose"))

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("channels:connect"))
