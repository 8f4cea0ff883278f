import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import intake
from inbox.models import Channel, Conversation
from tests.factories import NOON, make_channel, make_location, make_member
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db
PAGE = "100200300400501"
TOKEN = "dev-token-fb-vieux-quai"


@pytest.fixture
def desk(place, sign_in, fresh, settings):
    settings.META_GRAPH_URL = fresh.url
    return sign_in(make_member(place.organization, Role.ADMIN))


def form(place, **fields):
    return {"platform": "facebook", "location": place.pk, "external_id": PAGE, "name": "", "token": TOKEN} | fields


def test_a_page_is_connected_under_the_platforms_own_name_and_its_token_kept_sealed(desk, place):
    answer = desk.post(reverse("channels:connect"), form(place))

    channel = Channel.objects.get()
    assert answer.status_code == 302
    assert (channel.name, channel.token) == ("Pharmacie du Vieux-Quai", TOKEN)
    assert TOKEN.encode() not in bytes(channel.sealed_token)
    assert AuditEntry.objects.filter(action="channel.connected").exists()


@pytest.mark.parametrize("token", ["wrong", "dev-token-fb-moulin"])
def test_a_token_that_is_not_the_pages_own_connects_nothing(desk, place, token):
    answer = desk.post(reverse("channels:connect"), form(place, token=token))

    assert answer.status_code == 422
    assert not Channel.objects.exists()
    assert "token" in answer.context["form"].errors


def test_a_page_of_another_organization_cannot_be_taken_over(desk, place):
    theirs = make_channel(make_location(), external_id=PAGE, token=TOKEN)

    answer = desk.post(reverse("channels:connect"), form(place))

    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.organization != place.organization


def test_an_unknown_page_is_shown_with_its_count_and_not_with_its_words(desk, place):
    stranger = make_channel(place, external_id=PAGE)
    body = feed(stranger, "1", NOON, message="Mes mots à moi")
    stranger.delete()
    take_in(body, at=NOON)

    page = desk.get(reverse("channels:list")).content.decode()

    assert PAGE in page
    assert "Mes mots à moi" not in page


def test_connecting_takes_in_what_had_been_kept(desk, place):
    stranger = make_channel(place, external_id=PAGE)
    body = feed(stranger, "1", NOON, message="Allô?")
    stranger.delete()
    take_in(body, at=NOON)

    desk.post(reverse("channels:connect"), form(place))
    intake.drain(now=timezone.now())

    assert Conversation.objects.get().organization == place.organization


def test_disconnecting_is_asked_first_and_erases_the_token(desk, place):
    channel = make_channel(place)
    address = reverse("channels:disconnect", args=[channel.pk])

    assert desk.get(address).status_code == 200
    desk.post(address)

    channel.refresh_from_db()
    assert (channel.disconnected_at is not None, bytes(channel.sealed_token)) == (True, b"")


def test_checking_a_dead_token_says_so_on_the_list(desk, place, fresh):
    channel = make_channel(place, external_id=PAGE, token=TOKEN)
    fresh.fault("token_dead", page=PAGE)

    desk.post(reverse("channels:check", args=[channel.pk]))

    channel.refresh_from_db()
    assert channel.problem


def test_a_new_token_clears_the_problem(desk, place):
    channel = make_channel(place, external_id=PAGE, token="old", problem="token_dead")

    desk.post(reverse("channels:reconnect", args=[channel.pk]), {"token": TOKEN})

    channel.refresh_from_db()
    assert (channel.token, channel.problem) == (TOKEN, "")


def test_the_channels_of_another_organization_are_not_found(desk):
    theirs = make_channel(make_location())

    for name in ("reconnect", "disconnect"):
        assert desk.get(reverse(f"channels:{name}", args=[theirs.pk])).status_code == 404


# --- the policy --------------------------------------------------------------------------------------------


def test_a_new_target_is_a_new_version(desk, place):
    desk.post(reverse("inbox:policy"), {"target_hours": 12, "first_warning": 4, "second_warning": 1})

    newest = place.organization.policies.first()
    assert (newest.version, newest.target_seconds, newest.warn_seconds) == (2, 12 * 3600, [4 * 3600, 3600])


@pytest.mark.parametrize(
    ("target", "first", "second", "wrong"), [(4, 4, 1, "first_warning"), (24, 2, 2, "second_warning"), (0, 1, 1, "target_hours")]
)
def test_warnings_come_before_the_target_and_in_order(desk, place, target, first, second, wrong):
    answer = desk.post(reverse("inbox:policy"), {"target_hours": target, "first_warning": first, "second_warning": second})

    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert place.organization.policies.count() == 1


def test_saving_without_a_change_makes_no_version(desk, place):
    desk.post(reverse("inbox:policy"), {"target_hours": 24, "first_warning": 6, "second_warning": 2})

    assert place.organization.policies.count() == 1
