import pytest

from inbox.models import Notice
from tests.factories import NOON, make_channel, make_location, make_member, make_waiting

pytestmark = pytest.mark.django_db


def tell(member, conversation, key="one"):
    return Notice.objects.create(membership=member, kind="late", conversation=conversation, key=key, created_at=NOON)


def test_one_reads_only_ones_own(sign_in, ana, place):
    other = make_member(place.organization)
    waiting = make_waiting(make_channel(place))
    theirs = tell(other, waiting)
    client = sign_in(ana)

    assert "No notices" in client.get("/inbox/notices/").text
    assert client.post(f"/inbox/notices/{theirs.pk}/").status_code == 404


def test_opening_one_leads_to_its_conversation_and_counts_it_as_read(sign_in, ana, place):
    waiting = make_waiting(make_channel(place))
    notice = tell(ana, waiting)

    answer = sign_in(ana).post(f"/inbox/notices/{notice.pk}/")

    notice.refresh_from_db()
    assert answer["Location"] == f"/inbox/{waiting.pk}/"
    assert notice.read_at is not None


def test_all_are_read_at_once(sign_in, ana, place):
    waiting = make_waiting(make_channel(place))
    tell(ana, waiting), tell(ana, waiting, "two")

    sign_in(ana).post("/inbox/notices/read/")

    assert not Notice.objects.filter(membership=ana, read_at=None).exists()


def test_a_notice_of_a_location_that_one_no_longer_sees_is_gone(sign_in, ana, place):
    notice = tell(ana, make_waiting(make_channel(make_location(place.organization))))
    client = sign_in(ana)

    assert "No notices" in client.get("/inbox/notices/").text
    assert client.post(f"/inbox/notices/{notice.pk}/").status_code == 404


def test_the_table_of_keys_is_a_page_too(sign_in, ana):
    assert "Keyboard shortcuts" in sign_in(ana).get("/inbox/shortcuts/").text
