"""The token of a page, renewed in time with what was given for that, which is sealed and goes when the page goes."""

import pytest

from inbox import channels
from inbox.channels.watching import checks
from inbox.models import Channel
from tests.factories import DAY, NOON
from tests.inbox.platforms.linkedin.test_linkedin import ORGANIZATION
from tests.inbox.platforms.server import Saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(platform, settings, place, ben):
    settings.LINKEDIN_API_URL = settings.LINKEDIN_LOGIN_URL = platform.url
    settings.LINKEDIN_CLIENT_ID, settings.LINKEDIN_APP_ID = "78abc", ""
    return channels.connect(
        place,
        "linkedin",
        external_id=ORGANIZATION,
        name="Groupe Exemple",
        token="old-token",
        refresh_token="AQrefresh",
        by=ben,
        now=NOON,
    )


def test_a_token_that_ends_soon_is_renewed_by_itself(platform, page):
    scopes = "rw_organization_admin,r_organization_social,w_organization_social"
    ends = int((NOON + 3 * DAY).timestamp())

    def answer(asked):
        if asked.path.endswith("introspectToken"):
            return Saying({"active": True, "expires_at": ends, "scope": scopes})
        if asked.path.endswith("accessToken"):
            return Saying({"access_token": "new-token", "expires_in": 5184000})
        return Saying({"localizedName": "Groupe Exemple"})

    platform.says(answer)
    assert checks.check_now(page, now=NOON + DAY)

    page.refresh_from_db()
    assert (page.token, page.refresh_token) == ("new-token", "AQrefresh")
    assert page.token_expires_at > NOON + 59 * DAY


def test_what_renews_a_token_is_sealed(page):
    assert b"AQrefresh" not in bytes(page.sealed_refresh_token)
    assert Channel.objects.get().refresh_token == "AQrefresh"


def test_a_token_that_was_typed_has_nothing_to_be_renewed_with(page, place, ben):
    told = {"external_id": ORGANIZATION, "name": "Groupe Exemple", "token": "typed"}
    assert channels.connect(place, "linkedin", **told, by=ben, now=NOON).refresh_token == ""


def test_a_page_that_is_disconnected_keeps_nothing_to_renew_with(page, ben):
    channels.disconnect(page, by=ben, now=NOON)
    assert Channel.objects.get().refresh_token == ""
