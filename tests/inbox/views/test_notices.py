import pytest

from inbox.desk import frame
from inbox.models import Notice
from tests.factories import MINUTE, NOON, make_channel, make_location, make_member, make_waiting

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


class TestOfTemplates:
    """What a layer above keeps: it has an address, and its own words."""

    def told(self, member, key, *, kind="words_expiring", address="/templates/1/?version=1", at=NOON):
        fields = {"address": address, "title": f"Livraison {key}", "words": "Dernier jour", "key": key, "created_at": at}
        return Notice.objects.create(membership=member, kind=kind, **fields)

    def test_one_leads_to_its_template_and_what_was_said_of_it_is_read(self, sign_in, ana):
        first, second = self.told(ana, "a"), self.told(ana, "b", kind="words_approved")
        together = self.told(ana, "c", address="/templates/2/?version=1")
        other = self.told(ana, "d", address="/templates/2/?version=1", at=NOON - MINUTE)

        answer = sign_in(ana).post(f"/inbox/notices/{first.pk}/")

        assert answer["Location"] == "/templates/1/?version=1"
        read = Notice.objects.exclude(read_at=None).values_list("pk", flat=True)
        assert set(read) == {first.pk, second.pk, together.pk}
        assert other.pk not in read

    def test_to_open_one_of_comptoir_itself_reads_none_of_them(self, sign_in, ana):
        theirs = self.told(ana, "a")
        own = Notice.objects.create(membership=ana, kind="clock_still", key="clock", created_at=NOON)

        sign_in(ana).post(f"/inbox/notices/{own.pk}/")

        theirs.refresh_from_db()
        assert theirs.read_at is None

    def test_what_one_look_found_stands_together_each_with_its_own_button(self, sign_in, ana):
        rows = [self.told(ana, "a"), self.told(ana, "b"), self.told(ana, "c", at=NOON - MINUTE)]

        page = sign_in(ana).get("/inbox/notices/").text

        assert "2 approved templates expire soon" in page
        assert page.count("An approved template expires soon") == 1
        assert all(f"/inbox/notices/{row.pk}/" in page for row in rows)

    @pytest.mark.parametrize(("many", "opened"), [(6, True), (7, False)])
    def test_many_are_folded(self, sign_in, ana, many, opened):
        for number in range(many):
            self.told(ana, str(number))

        page = sign_in(ana).get("/inbox/notices/").text

        assert ("<details open>" in page) is opened

    def test_the_bell_counts_one_look_at_the_calendar_once(self, ana, place):
        for number in range(3):
            self.told(ana, f"a{number}")
            self.told(ana, f"b{number}", at=NOON - MINUTE)
        tell(ana, make_waiting(make_channel(place)), key="late")
        self.told(ana, "read", at=NOON - 2 * MINUTE)
        Notice.objects.filter(key="read").update(read_at=NOON)

        assert frame.of(ana).unread == 3
