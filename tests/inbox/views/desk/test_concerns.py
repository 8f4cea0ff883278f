"""The list, narrowed to what is somebody's own work or a heap to be worked off."""

import pytest
from django.utils import timezone

from accounts.access import Role
from inbox import jobs
from inbox.desk import queries
from inbox.desk.concerns import Concern
from inbox.desk.queries import Filters, View
from inbox.desk.tally import tally
from inbox.models import Conversation
from inbox.models.concerns import BADGES, PERSONAL
from inbox.screening.shown.words import IDENTIFIERS, LABELS
from tests.factories import MINUTE, NOON, make_channel, make_conversation, make_finding, make_member, make_waiting
from tests.inbox.views.desk.test_list import plan_of
from tests.inbox.wire import feed, post

pytestmark = pytest.mark.django_db

ARRIVING = [
    (Concern.PRIVACY, "Je veux une copie de toutes les informations que vous avez sur moi"),
    (Concern.PRIVACY, "Pouvez-vous me dire quels médicaments prend ma belle-mère?"),
    (Concern.COMPLIANCE, "Votre annonce dit que c’est garanti sans effets secondaires, c’est illégal"),
    (Concern.RESERVED, "Vous allez recevoir une mise en demeure de mon avocat"),
    (Concern.PERSONAL, "Mon numéro est QUIB 8503 1292, c’est prêt?"),
    (Concern.LANGUAGE, "¿Hasta qué hora está abierta la farmacia el domingo, por favor?"),
]


@pytest.mark.parametrize(("concern", "text"), ARRIVING)
def test_from_the_webhook_to_its_own_view_with_its_badge_and_its_count(client, sign_in, place, ana, concern, text):
    channel = make_channel(place)
    make_waiting(channel, at=timezone.now())
    assert post(client, feed(channel, "1", timezone.now() - MINUTE, message=text)) == 200
    jobs.drain_deliveries()
    arrived = Conversation.objects.latest("pk")

    page = sign_in(ana).get("/inbox/").text
    assert f'href="/inbox/?concern={concern}" data-some' in page
    narrowed = sign_in(ana).get(f"/inbox/?concern={concern}").text

    assert f'id="row-{arrived.pk}"' in narrowed
    assert narrowed.count('class="row"') == 1


def test_each_view_is_narrowed_and_a_walk_goes_on_within_it(place, ana, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)
    channel = make_channel(place)
    waiting = [make_waiting(channel, at=NOON + number * MINUTE) for number in range(3)]
    answered = [make_conversation(channel, at=NOON - number * MINUTE) for number in range(3)]
    Conversation.objects.filter(pk__in=[row.pk for row in (*waiting[:2], *answered[1:])]).update(badges=["abuse", "legal"])

    assert walked(ana, Filters(concern="reserved")) == [waiting[0].pk, waiting[1].pk]
    assert walked(ana, Filters(concern="nuisance", view=View.ANSWERED)) == [answered[1].pk, answered[2].pk]
    assert walked(ana, Filters(concern="privacy")) == []


def walked(member, filters):
    seen, after, first = [], "", True
    while first or after:
        first = False
        page = queries.page(member, filters, after=after, now=NOON)
        seen += [row.pk for row in page.lines]
        after = page.next
    return seen


def test_counts_are_of_what_one_sees_in_this_view(place, ana, outsider):
    channel = make_channel(place)
    for badges in (["legal"], ["legal", "phone"], ["email"], []):
        Conversation.objects.filter(pk=make_waiting(channel).pk).update(badges=badges)
    Conversation.objects.filter(pk=make_conversation(channel).pk).update(badges=["legal"])

    def counted(member, filters):
        return tally(member, filters, member.places, NOON).concerns

    assert counted(ana, Filters()) == dict.fromkeys(Concern.values, 0) | {"reserved": 2, "personal": 2}
    assert counted(ana, Filters(concern="personal"))["reserved"] == 2  # as one would see if one chose that one
    assert set(counted(ana, Filters(view=View.ANSWERED)).values()) == {None}
    assert set(counted(outsider, Filters()).values()) == {0}


def test_what_nobody_offers_means_everything(place, ana, sign_in):
    waiting = make_waiting(make_channel(place))

    assert f'id="row-{waiting.pk}"' in sign_in(ana).get("/inbox/?concern=everything").text


def test_where_there_is_none_the_way_back_is_offered(place, ana, sign_in):
    make_waiting(make_channel(place))

    page = sign_in(ana).get("/inbox/?concern=privacy").text

    assert "Nothing here with these filters" in page
    assert "remove this filter" in page


@pytest.mark.parametrize(("view", "index"), [(View.WAITING, "conv_waiting_concerned"), (View.ANSWERED, "conv_concerned")])
def test_only_what_is_of_some_concern_is_read(place, ana, view, index):
    filters = Filters(view=view, concern="privacy")
    order = queries.NEWEST if view == View.ANSWERED else queries.IN_ORDER
    rows = queries.of_view(queries.narrowed(ana, filters), view, ana, NOON).order_by(*order)

    assert index in plan_of(rows)


def test_every_badge_of_a_concern_has_a_name():
    assert {badge for badges in BADGES.values() for badge in badges} <= set(LABELS)
    assert set(PERSONAL) == set(IDENTIFIERS)
    assert list(BADGES) == Concern.values


def test_the_pointer_says_why_where_no_finding_does(place, ana, sign_in):
    waiting = make_waiting(make_channel(place))
    waiting.messages.update(language="other", unreadable=True)

    why = sign_in(ana).get(f"/inbox/{waiting.pk}/why/").text
    page = sign_in(ana).get(waiting.get_absolute_url()).text

    for said in ("hand it on to somebody who reads it", "The rules could not read this"):
        assert said in why
        assert said in page


def test_what_was_seen_in_it_stays_said_beside_its_language(place, ana, sign_in):
    waiting = make_waiting(make_channel(place), text="¿Puede llamarme al 418 555-0142, por favor?")
    waiting.messages.update(language="other")
    make_finding(waiting.messages.get(), "418 555-0142", family="identifier", type="phone")

    waiting.refresh_from_db()

    assert waiting.badges == ["phone", "language"]


def test_a_compliance_officer_sees_the_same(place, sign_in):
    waiting = make_waiting(make_channel(place))
    Conversation.objects.filter(pk=waiting.pk).update(badges=["ad_complaint"])
    officer = make_member(place.organization, Role.COMPLIANCE)

    assert f'id="row-{waiting.pk}"' in sign_in(officer).get("/inbox/?concern=compliance").text
