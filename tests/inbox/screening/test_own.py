"""An organization's own topics and products: kept, limited, in the audit trail, and looked for in its messages alone."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.access import Role
from accounts.models import AuditEntry
from inbox.models import Message, OwnProduct, OwnTopic
from inbox.models.own import TOPICS
from inbox.screening.by_rules import own
from inbox.screening.by_rules.contexts import House
from inbox.triage.findings import OwnTopic as Known
from inbox.triage.topics.names import Topic
from tests.factories import NOON, make_channel, make_member, make_organization, make_topic
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def diane(place):
    return make_member(place.organization, Role.COMPLIANCE)


@pytest.fixture
def save(place, diane):
    def saved(topic=None, **fields):
        topic = topic or OwnTopic(organization=place.organization, words=["orthèse"])
        for name, value in fields.items():
            setattr(topic, name, value)
        own.save_topic(topic, by=diane, now=NOON)
        return topic

    return saved


def asked(channel, text, comment="1"):
    take_in(feed(channel, comment, NOON, message=text), at=NOON)
    return Message.objects.get(external_id=f"900111_{comment}")


def test_the_slug_of_a_topic_is_of_no_other_and_stays(save):
    first, second = save(name_fr="Orthèses"), save(name_fr="Orthèses!")
    save(first, name_fr="Semelles")

    assert (first.slug, second.slug) == ("own-ortheses", "own-ortheses-2")
    assert OwnTopic.objects.get(pk=first.pk).slug == "own-ortheses"
    assert not {each.slug for each in (first, second)} & set(Topic)


@pytest.mark.parametrize("name", ["处方鞋垫", "Orthèses plantaires et semelles moulées !"])
def test_every_name_has_a_slug_that_a_template_can_hold(save, name):
    slugs = [save(name_fr=f"{name[:38]}{mark}").slug for mark in ("", "?", "!!")]

    assert len(set(slugs)) == 3
    assert max(map(len, slugs)) <= 30


def test_a_name_that_was_withdrawn_a_hundred_times_still_has_a_slug(save, diane):
    for _ in range(100):
        own.withdraw_topic(topic := save(name_fr="Orthèses sur mesure moulées"), by=diane, now=NOON)

    assert topic.slug.endswith("-100")
    assert len(topic.slug) == 30


def test_who_saves_a_topic_does_not_put_it_back_that_somebody_else_withdrew(save, diane):
    topic = save(name_fr="Orthèses")
    own.withdraw_topic(OwnTopic.objects.get(), by=diane, now=NOON)

    save(topic, name_fr="Semelles")
    found = OwnTopic.objects.get()
    assert (found.name_fr, found.withdrawn_at) == ("Semelles", NOON)


@pytest.mark.parametrize("names", [{"name_fr": "ORTHESES"}, {"name_en": "orthotics"}, {"name_en": "Price"}, {"name_fr": "Prix"}])
def test_two_topics_of_one_name_are_refused_at_the_name(save, names):
    save(name_fr="Orthèses", name_en="Orthotics")

    with pytest.raises(ValidationError) as problem:
        save(**names)
    assert set(problem.value.message_dict) == set(names)


def test_there_is_room_for_so_many_and_a_withdrawn_one_takes_none(place, save, diane):
    for number in range(TOPICS):
        make_topic(place.organization, name_fr=f"Sujet {number}", name_en="")
    last = OwnTopic.objects.last()

    with pytest.raises(ValidationError):
        save(name_fr="Un de trop")
    own.withdraw_topic(last, by=diane, now=NOON)
    save(name_fr="Un à sa place")
    with pytest.raises(ValidationError):
        own.restore_topic(last, by=diane, now=NOON)


def test_each_change_is_in_the_trail_with_what_was_before(place, save, diane):
    topic = save(name_fr="Orthèses")
    save(topic, words=["orthèse", "semelle"])
    save(topic)  # nothing changed
    for change in (own.withdraw_topic, own.withdraw_topic, own.restore_topic):
        change(topic, by=diane, now=NOON)
    own.set_products(place.organization, ["Brumélia"], shown=(), by=diane, now=NOON)
    own.set_products(place.organization, ["Brumélia"], shown=(), by=diane, now=NOON)

    entries = AuditEntry.objects.filter(organization=place.organization, actor=diane).order_by("pk")
    assert [entry.action for entry in entries] == [
        "topic.added", "topic.changed", "topic.withdrawn", "topic.restored", "products.changed",
    ]  # fmt: skip
    assert entries[1].detail == {"before": {"words": ["orthèse"]}, "after": {"words": ["orthèse", "semelle"]}}
    assert entries[4].detail == {"before": [], "after": ["Brumélia"]}


def test_what_is_known_of_each_house_is_its_own_and_costs_one_query(place, django_assert_num_queries):
    elsewhere = make_organization()
    topic = make_topic(place.organization, words=("orthèse", 'l’"autre"'))
    make_topic(place.organization, name_fr="Retiré", withdrawn_at=NOON)
    make_topic(elsewhere, name_fr="Voyage", words=("voyage",))
    OwnProduct.objects.create(organization=elsewhere, name="Brumélia")

    with django_assert_num_queries(1):
        houses = House.of([place.organization_id, elsewhere.pk])

    ours, theirs = houses[place.organization_id], houses[elsewhere.pk]
    assert ours.own_topics == (Known(topic.slug, ("orthèse", 'l’"autre"')),)
    assert [each.words for each in theirs.own_topics] == [("voyage",)]
    assert (ours.products, theirs.products) == ((), ("Brumélia",))


def test_a_topic_is_found_in_ones_own_messages_until_it_is_withdrawn(place, save, diane):
    topic, channel, theirs = save(name_fr="Orthèses"), make_channel(place), make_channel()
    text = "Je veux prendre rendez-vous pour mes ORTHESES"

    assert asked(channel, text).topics[0] == topic.slug
    assert topic.slug not in asked(theirs, text, "2").topics
    own.withdraw_topic(topic, by=diane, now=NOON)
    assert topic.slug not in asked(channel, text, "3").topics
    own.restore_topic(topic, by=diane, now=NOON)
    assert topic.slug in asked(channel, text, "4").topics


def test_what_a_product_of_ones_own_did_is_an_adverse_event(place, diane):
    own.set_products(place.organization, ["Brumélia"], shown=(), by=diane, now=NOON)
    text = "J'ai encore Brumelia et des plaques"

    assert asked(make_channel(place), text).findings.filter(type="adverse_event").exists()
    assert not asked(make_channel(), text, "2").findings.filter(type="adverse_event").exists()


def test_what_is_stored_is_read_again_for_one_organization(place, save):
    channel, theirs = make_channel(place), make_channel()
    text = "Je veux prendre rendez-vous pour mes orthèses"
    before, elsewhere = asked(channel, text), asked(theirs, text, "2")
    topic = save(name_fr="Orthèses")
    make_topic(theirs.location.organization)

    call_command("rescreen", organization=place.organization.slug)

    for message in (before, elsewhere):
        message.refresh_from_db()
    assert before.topics[0] == topic.slug
    assert not any(each.startswith("own-") for each in elsewhere.topics)
    assert before.triage_version == elsewhere.triage_version


def test_an_organization_that_does_not_exist_is_said(db):
    with pytest.raises(CommandError):
        call_command("rescreen", organization="no-such")
