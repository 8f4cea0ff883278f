from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry, User
from inbox import intake, platforms
from inbox.models import Channel, Conversation, RejectedCount
from tests.factories import MINUTE, NOON, make_channel, make_location, make_member
from tests.inbox.wire import feed, take_in
from tests.simulator.calls import graph

pytestmark = pytest.mark.django_db
PAGE = "100200300400501"
TOKEN = "dev-token-fb-vieux-quai"


@pytest.fixture
def desk(place, sign_in, fresh, settings):
    settings.META_GRAPH_URL = fresh.url
    return sign_in(make_member(place.organization, Role.ADMIN))


@pytest.fixture
def there(fresh, settings):
    """Every platform's side, with our app known to it."""
    for variable in platforms.variables():
        if variable.kind == "url":
            setattr(settings, variable.name, fresh.url)
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = "dev-google-client", "dev-google-client-secret"


def form(place, **fields):
    return {"platform": "facebook", "location": place.pk, "external_id": PAGE, "name": "", "token": TOKEN} | fields


def test_a_page_is_connected_under_the_platforms_own_name_and_its_token_kept_sealed(desk, place):
    answer = desk.post(reverse("channels:connect"), form(place))

    channel = Channel.objects.get()
    assert answer.status_code == 302
    assert (channel.name, channel.token) == ("Pharmacie du Vieux-Quai", TOKEN)
    assert TOKEN.encode() not in bytes(channel.sealed_token)
    assert AuditEntry.objects.filter(action="channel.connected").exists()


@pytest.mark.parametrize(
    ("platform", "page", "rest"),
    [
        ("facebook", PAGE, {"token": TOKEN}),
        ("whatsapp", "990011002200501", {"waba_id": "880011002200501", "token": "dev-token-wa-vieux-quai"}),
        ("google", "locations/900511", {"account": "accounts/900501", "token": "dev-refresh-google-quai"}),
    ],
)
@pytest.mark.usefixtures("there")
def test_whatever_is_connected_and_connected_again_its_first_event_is_waited_for(desk, place, platform, page, rest):
    given = {"platform": platform, "location": place.pk, "external_id": page, "name": "", **rest}

    answer = desk.post(reverse("channels:connect"), given)

    channel = Channel.objects.get()
    started = reverse("channels:started", args=[channel.pk])
    assert answer["Location"] == started
    assert "Waiting for a first event" in desk.get(started).text
    assert desk.post(reverse("channels:reconnect", args=[channel.pk]), rest)["Location"] == started


def test_the_list_and_a_pages_own_page_lead_to_the_wait_until_it_is_over(desk, place, sign_in):
    channel = make_channel(place)
    shown = [reverse("channels:list"), channel.get_absolute_url()]
    started = reverse("channels:started", args=[channel.pk])
    assert [started in desk.get(address).text for address in shown] == [True, True]
    manager = sign_in(make_member(place.organization, Role.MANAGER))
    assert [started in manager.get(address).text for address in shown] == [False, False]  # who connects nothing

    take_in(feed(channel, "1", NOON, message="Allô?"), at=NOON)

    assert [started in desk.get(address).text for address in shown] == [False, False]


@pytest.mark.parametrize(("token", "wrong"), [("wrong", "token"), ("dev-token-fb-moulin", "external_id")])
def test_a_token_that_is_not_the_pages_own_connects_nothing(desk, place, token, wrong):
    answer = desk.post(reverse("channels:connect"), form(place, token=token))

    assert answer.status_code == 422
    assert not Channel.objects.exists()
    assert list(answer.context["form"].errors) == [wrong]


CHANNEL, CONSENT = "UC0000000000000000900501", "dev-refresh-youtube-quai"


@pytest.mark.parametrize(
    ("given", "wrong", "words"),
    [
        ({"external_id": CHANNEL[:-1] + "9"}, "external_id", "appartient à une autre page ou à un autre compte"),
        ({"token": "dead"}, "token", "Selon elle\xa0: «\xa0invalid_grant: "),
    ],
)
@pytest.mark.usefixtures("there")
def test_what_is_refused_is_told_at_its_field_in_french_with_the_platforms_own_words_after(desk, place, given, wrong, words):
    User.objects.update(language="fr-ca")
    asked = form(place, platform="youtube", external_id=CHANNEL, token=CONSENT) | given

    answer = desk.post(reverse("channels:connect"), asked)

    [(field, [told])] = answer.context["form"].errors.items()
    assert field == wrong
    assert words in told
    assert "consent" not in told


@pytest.mark.usefixtures("there")
def test_connected_again_with_the_token_of_another_page_it_is_the_token_that_is_wrong(desk, place):
    channel = make_channel(place, external_id=PAGE, token=TOKEN)

    answer = desk.post(reverse("channels:reconnect", args=[channel.pk]), {"token": "dev-token-fb-moulin"})

    assert list(answer.context["form"].errors) == ["token"]


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
    assert '<th scope="row">Facebook</th>' in page
    assert "Mes mots à moi" not in page


def test_unknown_pages_may_be_anybodys_and_are_not_shown_to_one_of_several_organizations(desk, place, outsider):
    stranger = make_channel(place, external_id=PAGE)
    body = feed(stranger, "1", NOON, message="Mes mots à moi")
    stranger.delete()
    take_in(body, at=NOON)
    RejectedCount.add("meta", "unsigned", now=timezone.now())

    page = desk.get(reverse("channels:list")).content.decode()

    assert PAGE not in page
    assert "Turned away" not in page


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


def apps(fresh):
    return graph(fresh, "GET", f"{PAGE}/subscribed_apps", TOKEN).json()["data"]


def test_disconnecting_asks_the_platform_to_send_no_more(desk, place, fresh):
    channel = make_channel(place, external_id=PAGE, token=TOKEN)
    assert apps(fresh) != []

    desk.post(reverse("channels:disconnect", args=[channel.pk]))

    assert apps(fresh) == []


def test_a_platform_that_refuses_keeps_nobody_from_disconnecting(desk, place, fresh):
    channel = make_channel(place, external_id=PAGE, token=TOKEN)
    fresh.fault("token_dead", page=PAGE)

    desk.post(reverse("channels:disconnect", args=[channel.pk]))

    channel.refresh_from_db()
    assert channel.disconnected_at is not None


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
    ("target", "first", "second", "wrong"),
    [
        (4, 4, 1, "first_warning"),
        (24, 2, 2, "second_warning"),
        (0, 1, 1, "target_hours"),
        (25, 6, 2, "target_hours"),
        (24, 24, 2, "first_warning"),
    ],
)
def test_warnings_come_before_the_target_in_order_and_the_target_is_within_the_promise(desk, place, target, first, second, wrong):
    answer = desk.post(reverse("inbox:policy"), {"target_hours": target, "first_warning": first, "second_warning": second})

    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert place.organization.policies.count() == 1


def test_saving_without_a_change_makes_no_version(desk, place):
    desk.post(reverse("inbox:policy"), {"target_hours": 24, "first_warning": 6, "second_warning": 2})

    assert place.organization.policies.count() == 1


# --- two steps, and what each platform asks ------------------------------------------------------------------


def test_first_the_platform_and_the_location_are_chosen(desk, place):
    first = desk.get(reverse("channels:connect"))
    assert set(first.context["form"].fields) == {"platform", "location"}

    second = desk.get(reverse("channels:connect"), {"platform": "facebook", "location": place.pk})
    assert list(second.context["form"].fields) == ["external_id", "token", "name"]


def test_a_page_that_wrote_to_us_keeps_its_identifier_through_both_steps(desk, place):
    first = desk.get(reverse("channels:connect"), {"platform": "facebook", "external_id": PAGE})
    assert f'name="external_id" value="{PAGE}"' in first.content.decode()

    second = desk.get(reverse("channels:connect"), {"platform": "facebook", "location": place.pk, "external_id": PAGE})
    assert f'value="{PAGE}"' in second.content.decode()


def test_a_location_that_is_not_ones_own_is_not_gone_on_with(desk):
    theirs = make_location()

    answer = desk.get(reverse("channels:connect"), {"platform": "facebook", "location": theirs.pk})

    assert answer.status_code == 422
    assert "location" in answer.context["form"].errors


SITE = {"platform": "website", "site": "https://127.0.0.1:8100", "callback_url": "", "name": ""}


@pytest.fixture
def next_door(settings):
    """In development a site may be on this very machine."""
    settings.PRIVATE_ORIGINS = ["https://127.0.0.1:8100"]


@pytest.mark.usefixtures("next_door")
def test_a_website_gets_an_address_and_a_secret_that_is_shown_once(desk, place):
    shown = desk.post(reverse("channels:connect"), SITE | {"location": place.pk}, follow=True)

    channel = Channel.objects.get()
    assert (channel.name, channel.settings) == ("127.0.0.1", {"site": "https://127.0.0.1:8100", "callback_url": ""})
    assert channel.token in shown.content.decode()
    assert f"/hooks/website/{channel.external_id}/" in shown.content.decode()
    assert channel.token.encode() not in bytes(channel.sealed_token)
    assert channel.check_at > timezone.now() + 50 * MINUTE, "nobody calls a site that cannot know its secret yet"

    assert reverse("channels:started", args=[channel.pk]) in shown.content.decode()

    again = desk.get(reverse("channels:webhook", args=[channel.pk]))
    assert channel.token not in again.content.decode()


@pytest.mark.usefixtures("next_door")
def test_another_callback_address_keeps_the_secret(desk, place):
    desk.post(reverse("channels:connect"), SITE | {"location": place.pk})
    before = Channel.objects.get()

    settings = {"site": SITE["site"], "callback_url": "https://127.0.0.1:8100/comptoir"}
    desk.post(reverse("channels:reconnect", args=[before.pk]), settings)

    after = Channel.objects.get()
    assert (after.token, after.name, after.settings) == (before.token, before.name, settings)


@pytest.mark.usefixtures("next_door")
def test_a_site_that_was_disconnected_gets_a_new_secret(desk, place):
    desk.post(reverse("channels:connect"), SITE | {"location": place.pk})
    before = Channel.objects.get()
    desk.post(reverse("channels:disconnect", args=[before.pk]))

    shown = desk.post(reverse("channels:reconnect", args=[before.pk]), {"site": SITE["site"], "callback_url": ""}, follow=True)

    after = Channel.objects.get()
    assert (after.external_id, after.disconnected_at) == (before.external_id, None)
    assert after.token != before.token
    assert after.token in shown.content.decode()


@pytest.mark.usefixtures("next_door")
def test_a_new_secret_is_made_shown_once_and_the_older_one_forgotten(desk, place):
    desk.post(reverse("channels:connect"), SITE | {"location": place.pk})
    channel = Channel.objects.get()
    first = channel.token

    shown = desk.post(reverse("channels:renew_secret", args=[channel.pk]), follow=True)
    channel.refresh_from_db()
    newest, older = channel.token.split(",")
    assert older == first
    assert newest in shown.content.decode()
    assert first not in shown.content.decode()

    desk.post(reverse("channels:forget_secret", args=[channel.pk]))
    channel.refresh_from_db()
    assert channel.token == newest
    assert set(AuditEntry.objects.filter(action__startswith="channel.secret").values_list("action", flat=True)) == {
        "channel.secret_renewed",
        "channel.secret_forgotten",
    }


class TestWithoutTheKey:
    """The key of a site's secret is gone: the site is given a new one, as if it had none."""

    @pytest.fixture
    def site(self, desk, place, next_door, settings):
        desk.post(reverse("channels:connect"), SITE | {"location": place.pk})
        settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
        return Channel.objects.get()

    def test_its_page_is_shown(self, desk, site):
        answer = desk.get(reverse("channels:webhook", args=[site.pk]))

        assert (answer.status_code, answer.context["valid"]) == (200, 0)

    def test_another_is_made_when_asked(self, desk, site):
        assert desk.post(reverse("channels:forget_secret", args=[site.pk]), follow=True).context["valid"] == 0

        shown = desk.post(reverse("channels:renew_secret", args=[site.pk]), follow=True)

        site.refresh_from_db()
        assert shown.context["valid"] == 1
        assert site.token in shown.text

    def test_connected_again_it_gets_another_that_is_shown(self, desk, site):
        settings = {"site": SITE["site"], "callback_url": ""}

        shown = desk.post(reverse("channels:reconnect", args=[site.pk]), settings, follow=True)

        assert Channel.objects.get().token in shown.text


@pytest.mark.parametrize(
    ("field", "address", "problem"),
    [
        ("site", "https://127.0.0.1/", "private"),
        ("callback_url", "https://10.0.0.8/hook", "private"),
        ("callback_url", "https://[::1]/hook", "private"),
        ("site", "http://8.8.8.8/", "https"),
        ("site", "https://no-such-host.invalid/", "nowhere"),
        ("site", "https://127.0.0.1:8101/", "private"),
        ("site", "javascript:alert(1)", "invalid"),
        ("site", "", "required"),
    ],
)
@pytest.mark.usefixtures("next_door")
def test_a_site_that_is_not_public_is_not_connected(desk, place, field, address, problem):
    answer = desk.post(reverse("channels:connect"), SITE | {"location": place.pk, field: address})

    assert answer.status_code == 422
    assert answer.context["form"].errors.as_data()[field][0].code == problem
    assert not Channel.objects.exists()


def test_a_page_of_another_platform_has_no_secret_to_show(desk, place):
    channel = make_channel(place)

    assert desk.get(reverse("channels:webhook", args=[channel.pk])).status_code == 404


# --- from the command line -----------------------------------------------------------------------------------


def connect(place, *more):
    out = StringIO()
    at = ["--organization", place.organization.slug, "--location", place.slug]
    call_command("connect", *more, *at, stdout=out)
    return out.getvalue()


def test_a_page_is_connected_by_command(place):
    connect(place, "facebook", "--id", f" {PAGE} ", "--name", "Page", "--token", TOKEN)

    channel = Channel.objects.get()
    assert (channel.external_id, channel.token, channel.settings) == (PAGE, TOKEN, {})


def test_a_site_is_connected_by_command_and_its_secret_printed(place):
    printed = connect(place, "website", "--name", "Blogue", "--set", "site=https://blog.example")

    channel = Channel.objects.get()
    assert channel.settings == {"site": "https://blog.example", "callback_url": ""}
    assert channel.token in printed
    assert f"/hooks/website/{channel.external_id}/" in printed


@pytest.mark.parametrize(
    "given",
    [
        ["facebook", "--name", "Page", "--token", TOKEN],
        ["facebook", "--name", "Page", "--id", PAGE],
        ["facebook", "--name", "Page", "--id", PAGE, "--token", TOKEN, "--set", "site=https://blog.example"],
        ["website", "--name", "Blogue"],
    ],
)
def test_a_command_that_lacks_something_connects_nothing(place, given):
    with pytest.raises(CommandError):
        connect(place, *given)
    assert not Channel.objects.exists()


def test_whoever_writes_the_sites_side_is_shown_how(desk):
    guide = desk.get(reverse("channels:guide"))

    assert guide["Content-Type"].startswith("text/plain")
    assert "X-Comptoir-Signature" in guide.text
