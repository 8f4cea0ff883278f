import json
import tracemalloc
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry, Membership
from inbox import intake
from inbox.intake import letters
from inbox.models import Channel, Delivery, Message, UnhandledEvent
from tests.factories import DAY, HOUR, NOON, make_channel, make_location, make_member, make_organization
from tests.inbox.wire import feed, messenger, take_in

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parents[3] / "fixtures"


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500", name="Vieux-Quai sur Facebook")


@pytest.fixture
def admin(place):
    return make_member(place.organization, Role.ADMIN)


@pytest.fixture
def desk(sign_in, admin):
    return sign_in(admin)


def store(body, at=NOON, **fields):
    Delivery.objects.store("meta", body, signed_by="sha256", now=at)
    delivery = Delivery.objects.order_by("-pk")[0]
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    delivery.refresh_from_db()
    return delivery


def failed(page, body=None, **fields):
    body = body or feed(page, "1", NOON, message="Ouvert?")
    known = {"processed_at": NOON, "outcome": "failed", "attempts": 8, "error": "KeyError: 'x'", "channel_ids": [page.pk]}
    return store(body, **known | fields)


def shown(client, **query):
    return client.get(reverse("channels:deliveries"), query).content.decode()


# --- what is listed ---------------------------------------------------------------------------------------


def test_a_page_that_is_asked_and_never_tells_has_no_deliveries_of_its_own(desk, page, place):
    blog = make_channel(place, platform="wordpress")

    assert "Everything was taken in" in desk.get(reverse("channels:deliveries")).text
    assert desk.get(reverse("channels:deliveries"), {"page": blog.pk, "all": "on"}).status_code == 200


def test_nothing_that_failed_is_said_to_be_so(desk, page):
    assert "Everything was taken in" in shown(desk)


def test_what_could_not_be_taken_in_is_listed_with_reason_attempts_and_page(desk, page):
    delivery = failed(page)

    text = shown(desk)

    assert reverse("channels:delivery", args=[delivery.pk]) in text
    assert "KeyError" in text
    assert ">8</td>" in text
    assert page.name in text


@pytest.mark.parametrize("query", [{}, {"all": "on"}], ids=["failed", "all"])
def test_the_list_costs_the_same_for_one_delivery_and_for_thirty(desk, page, query, django_assert_max_num_queries):
    for number in range(30):
        delivery = failed(page, feed(page, str(number), NOON, message="Ouvert?"), outcome="partly")
        delivery.unhandled.create(number=0, channel=page, reason="unrecognised", received_at=NOON)

    with django_assert_max_num_queries(20):
        text = shown(desk, **query)

    assert text.count('<tr id="delivery-') == 30


@pytest.mark.parametrize("query", [{"number": "²"}, {"page": "²"}])
def test_what_is_a_digit_and_no_number_finds_nothing(desk, page, query):
    assert "Everything was taken in" in shown(desk, **query)


def test_parts_that_were_set_aside_are_listed(desk, page):
    store(feed(page, "1", NOON, item="hologram"))
    intake.drain(now=NOON)

    text = shown(desk)

    assert "taken in, with parts set aside" in text
    assert UnhandledEvent.objects.get().detail in text


def test_a_delivery_that_fails_for_now_is_listed_before_it_is_given_up(desk, page):
    page.organization.policies.all().delete()  # so that no wait can begin
    store(feed(page, "1", NOON, message="Ouvert?"))
    intake.drain(now=NOON)

    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.processed_at, delivery.channel_ids) == (1, None, [page.pk])
    assert reverse("channels:delivery", args=[delivery.pk]) in shown(desk)


def unread(**more):
    return store(b"not json at all", processed_at=NOON, outcome="failed", error="JSONDecodeError", **more)


def test_what_nobody_can_read_is_no_tenants_business_where_there_are_several(desk, page, outsider):
    delivery = unread()

    assert "Everything was taken in" in shown(desk)
    assert desk.get(reverse("channels:delivery", args=[delivery.pk])).status_code == 404
    assert desk.post(reverse("channels:replay", args=[delivery.pk])).status_code == 404
    desk.post(reverse("channels:replay_all"))
    delivery.refresh_from_db()
    assert delivery.processed_at == NOON


def test_nor_is_it_theirs_who_see_only_some_locations(page, sign_in):
    delivery = unread()
    kept_to_one = make_member(page.organization, Role.ADMIN, locations=[page.location])

    assert sign_in(kept_to_one).get(reverse("channels:delivery", args=[delivery.pk])).status_code == 404


def test_what_arrives_at_a_pages_own_address_is_its_own_whoever_can_read_it(desk, place, outsider, sign_in):
    site = make_channel(place, platform="website", external_id="site-1")
    make_channel(outsider.organization.locations.first() or make_location(outsider.organization), "website", external_id="site-2")
    here, there = unread(endpoint="website/site-1"), store(b"nor is this", processed_at=NOON, outcome="failed")
    Delivery.objects.filter(pk=there.pk).update(endpoint="website/site-2")

    text = shown(desk)

    assert reverse("channels:delivery", args=[here.pk]) in text
    assert site.name in text
    assert reverse("channels:delivery", args=[there.pk]) not in text
    assert "Show it" in desk.get(reverse("channels:delivery", args=[here.pk])).content.decode()
    assert desk.post(reverse("channels:replay", args=[there.pk])).status_code == 404
    assert reverse("channels:delivery", args=[here.pk]) in shown(desk, page=site.pk)


def test_parts_that_are_of_a_page_nobody_has_connected_are_not_told_to_a_tenant(desk, page, outsider):
    ours, theirs = (json.loads(feed(page, str(n), NOON, item=f"hologram{n}")) for n in (1, 2))
    theirs["entry"][0]["id"] = "999888777666555"
    store(json.dumps(ours | {"entry": ours["entry"] + theirs["entry"]}).encode())
    intake.drain(now=NOON)

    one = reverse("channels:delivery", args=[Delivery.objects.get().pk])

    assert UnhandledEvent.objects.count() == 2
    for text in (desk.get(one).content.decode(), shown(desk)):
        assert "hologram1" in text
        assert "hologram2" not in text


def test_where_there_is_one_organization_what_nobody_can_read_is_its_own(desk, page):
    delivery = store(b"not json at all", processed_at=NOON, outcome="failed", error="JSONDecodeError")

    assert "Show it" in desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()


def test_a_page_and_a_number_can_be_looked_for(desk, page, place):
    other = make_channel(place, external_id="200200300400500", name="Une autre page")
    mine, theirs = failed(page), failed(other)

    text = shown(desk, page=page.pk)

    assert reverse("channels:delivery", args=[mine.pk]) in text
    assert reverse("channels:delivery", args=[theirs.pk]) not in text
    found = desk.get(reverse("channels:deliveries"), {"number": theirs.pk})
    assert found.headers["Location"] == reverse("channels:delivery", args=[theirs.pk])
    assert "There is no delivery of this number" in shown(desk, number="999999")


def test_what_was_taken_in_is_found_by_its_page_and_only_there(desk, page, place):
    other = make_channel(place, external_id="1002003004005000", name="Ses chiffres commencent pareil")
    here, there = store(feed(page, "1", NOON, message="Ouvert?")), store(feed(other, "2", NOON, message="Fermé?"))
    intake.drain(now=NOON)

    text = shown(desk, page=page.pk, all="on")

    assert reverse("channels:delivery", args=[here.pk]) in text
    assert reverse("channels:delivery", args=[there.pk]) not in text


def of_a_stranger(page_id="999888777666555", comment="9"):
    """What names a page that nobody has connected, taken in as far as it can be."""
    body = feed(Channel(platform="facebook", external_id=page_id), comment, NOON, message="Allô?")
    delivery = store(body)
    intake.drain(now=NOON)
    return delivery


def test_the_deliveries_of_a_page_nobody_has_connected_are_reached_from_its_row(desk, page):
    here, there, failure = of_a_stranger(), of_a_stranger("111222333444555", "8"), failed(page)

    rows = desk.get(reverse("channels:list")).content.decode()
    link = f"{reverse('channels:deliveries')}?page=facebook/999888777666555"
    text = desk.get(link).content.decode()

    assert f'href="{link}"' in rows
    assert f'id="delivery-{here.pk}"' in text
    assert f'id="delivery-{there.pk}"' not in text
    assert f'id="delivery-{failure.pk}"' not in text
    assert 'value="facebook/999888777666555" selected' in text
    one = desk.get(reverse("channels:delivery", args=[here.pk])).content.decode()
    assert "999888777666555 (Facebook)" in one
    assert "Page not connected" in one


def test_a_page_nobody_has_connected_may_be_anybodys_and_its_deliveries_are_no_tenants(desk, page, outsider):
    delivery = of_a_stranger()

    for query in ({"page": "facebook/999888777666555"}, {"all": "on"}, {"page": "facebook/999888777666555", "all": "on"}):
        text = shown(desk, **query)
        assert 'id="delivery-' not in text
        assert 'value="facebook/' not in text
    assert desk.get(reverse("channels:delivery", args=[delivery.pk])).status_code == 404


def test_nor_are_they_theirs_who_see_only_some_locations(page, sign_in):
    delivery = of_a_stranger()
    client = sign_in(make_member(page.organization, Role.ADMIN, locations=[page.location]))

    assert 'id="delivery-' not in shown(client, page="facebook/999888777666555")
    assert client.get(reverse("channels:delivery", args=[delivery.pk])).status_code == 404


@pytest.mark.parametrize("query", ["facebook/", "/", "facebook/\0", "nowhere/1"])
def test_a_page_that_never_wrote_has_no_deliveries(desk, page, query):
    of_a_stranger()

    assert "Nothing is kept of this page" in shown(desk, page=query)


def test_a_delivery_that_tells_two_events_counts_once(desk, page):
    take_in((FIXTURES / "linkedin" / "comment.json").read_bytes(), at=NOON, endpoint="linkedin")

    (unknown,) = desk.get(reverse("channels:list")).context["unknown"]

    assert UnhandledEvent.objects.count() == 2
    assert unknown["count"] == 1


def test_all_that_is_kept_is_listed_where_no_page_is_chosen(desk, page):
    taken = store(feed(page, "1", NOON, message="Ouvert?"))
    stranger = of_a_stranger()
    waiting, let_go = store(b"not looked at yet"), store(b"", processed_at=NOON, outcome="done", erased_at=NOON)

    text = shown(desk, all="on")

    assert all(f'id="delivery-{row.pk}"' in text for row in (taken, stranger, waiting))
    assert f'id="delivery-{let_go.pk}"' not in text
    assert f'id="delivery-{taken.pk}"' not in shown(desk)
    assert page.name in text
    assert "Retry all" not in text


def test_all_are_those_of_ones_own_pages_and_no_others(page, sign_in):
    elsewhere = make_channel(make_location(page.organization), external_id="400200300400500", name="Ailleurs")
    theirs = make_channel(external_id="300200300400500")
    site = make_channel(page.location, platform="website", external_id="site-1")
    rows = [store(feed(each, "1", NOON, message="Ouvert?")) for each in (page, elsewhere, theirs)]
    intake.drain(now=NOON)
    at_address = store(b"not looked at yet", endpoint=f"website/{site.external_id}")

    text = shown(sign_in(make_member(page.organization, Role.ADMIN, locations=[page.location])), all="on")

    assert f'id="delivery-{rows[0].pk}"' in text
    assert f'id="delivery-{at_address.pk}"' in text
    assert all(f'id="delivery-{row.pk}"' not in text for row in rows[1:])


def test_deliveries_of_others_do_not_exist(desk, page):
    elsewhere = failed(make_channel(external_id="300200300400500"))
    here = failed(make_channel(make_location(page.organization), external_id="400200300400500"), body=b"{}")
    kept_to_one = make_member(page.organization, Role.ADMIN, locations=[page.location])

    assert desk.get(reverse("channels:delivery", args=[elsewhere.pk])).status_code == 404
    assert not letters.dead(kept_to_one).filter(pk__in=[elsewhere.pk, here.pk]).exists()


# --- what was sent ----------------------------------------------------------------------------------------


def body(client, delivery):
    return client.post(reverse("channels:delivery_body", args=[delivery.pk]))


def test_the_raw_body_is_shown_escaped_when_it_is_asked_for_and_that_is_kept(desk, page, admin):
    delivery = failed(page, feed(page, "1", NOON, message="<script>alert(1)</script>"))

    assert "alert(1)" not in desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()
    text = body(desk, delivery).content.decode()

    assert "&lt;script&gt;alert(1)" in text
    entry = AuditEntry.objects.get(action="delivery.read")
    assert (entry.actor, entry.subject_id) == (admin, delivery.pk)


def test_of_a_huge_body_only_the_beginning_is_shown(desk, page):
    delivery = failed(page, feed(page, "1", NOON, message="é" * 100_000))

    text = body(desk, delivery).content.decode()

    assert len(text) < 60_000
    assert "The rest of it is not shown" in text


def test_a_body_that_is_deep_and_wide_does_not_grow_as_it_is_set_out(desk, page):
    delivery = failed(page, b"[" * 900 + b"0," * 200_000 + b"0" + b"]" * 900)

    tracemalloc.start()
    text = body(desk, delivery).content.decode()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "The rest of it is not shown" in text
    assert most < 60_000_000  # set out whole, it takes more than 300 million characters


def test_a_body_that_holds_words_of_anothers_page_is_not_shown(desk, page):
    other = make_channel(external_id="300200300400500")
    ours, theirs = (json.loads(feed(each, "1", NOON, message="Ouvert?")) for each in (page, other))
    both = json.dumps(ours | {"entry": ours["entry"] + theirs["entry"]}).encode()
    delivery = failed(page, both)

    assert "not yours" in desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()
    assert body(desk, delivery).status_code == 404


def test_a_body_that_was_let_go_is_said_to_be(desk, page):
    delivery = failed(page)
    Delivery.objects.update(body=b"", erased_at=NOON)

    assert "It was let go" in desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()
    assert body(desk, delivery).status_code == 404


# --- once more --------------------------------------------------------------------------------------------


def test_a_retry_queues_it_again_and_is_kept(desk, page, admin):
    delivery = failed(page)

    desk.post(reverse("channels:replay", args=[delivery.pk]))
    intake.drain(now=timezone.now())

    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.error) == ("done", "")
    assert Message.objects.get().text == "Ouvert?"
    entry = AuditEntry.objects.get(action="deliveries.replayed")
    assert (entry.actor, entry.detail) == (admin, {"deliveries": [delivery.pk]})


def test_replaying_what_was_taken_in_changes_nothing(desk, page):
    delivery = store(messenger(page, "m_1", NOON, text="Bonjour"))
    intake.drain(now=NOON)
    before = list(Message.objects.values())

    desk.post(reverse("channels:replay", args=[delivery.pk]))
    intake.drain(now=timezone.now())

    assert list(Message.objects.values()) == before


def test_all_are_retried_at_once_and_the_progress_is_seen(desk, page):
    good = failed(page)
    bad = failed(page, b"not json")
    failed(make_channel(external_id="300200300400500"))

    desk.post(reverse("channels:replay_all"))
    waiting = desk.get(reverse("channels:deliveries"), headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()
    intake.drain(now=timezone.now())
    done = desk.get(reverse("channels:deliveries"), headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()

    assert "0 of 2" in waiting
    assert "every 2s" in waiting
    assert "1 of 2" in done
    assert "1 could not be taken in this time either" in done
    assert "every 2s" not in done
    assert set(Delivery.objects.filter(pk__in=[good.pk, bad.pk]).values_list("outcome", flat=True)) == {"done", "failed"}


def test_the_progress_is_not_seen_from_another_organization(desk, page, admin):
    failed(page)
    desk.post(reverse("channels:replay_all"))
    elsewhere = make_organization()
    member = Membership.objects.create(user=admin.user, organization=elsewhere, role=Role.ADMIN, all_locations=True)

    desk.post(reverse("accounts:switch"), {"membership": member.pk})

    assert "0 of 1" not in shown(desk)
    desk.post(reverse("accounts:switch"), {"membership": admin.pk})
    assert "0 of 1" in shown(desk)


def test_others_deliveries_are_not_retried(desk, page):
    elsewhere = failed(make_channel(external_id="300200300400500"))

    desk.post(reverse("channels:replay_all"))
    answer = desk.post(reverse("channels:replay", args=[elsewhere.pk]))

    elsewhere.refresh_from_db()
    assert answer.status_code == 404
    assert elsewhere.processed_at == NOON


def test_a_member_of_the_desk_is_not_let_in(sign_in, ana, page):
    assert sign_in(ana).get(reverse("channels:deliveries")).status_code == 403


def test_old_ones_come_after_new_ones(desk, page):
    first, second = failed(page), failed(page, feed(page, "2", NOON + HOUR, message="Et mardi?"), received_at=NOON + DAY)
    text = shown(desk)

    assert text.index(f'id="delivery-{second.pk}"') < text.index(f'id="delivery-{first.pk}"')


def test_the_list_reads_no_bodies_and_so_costs_the_same_whatever_was_sent(desk, page):
    for number in range(3):
        failed(page, feed(page, str(number), NOON, message="é" * 1_000_000))

    tracemalloc.start()
    text = shown(desk)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert text.count(page.name) >= 3
    assert most < 5_000_000
