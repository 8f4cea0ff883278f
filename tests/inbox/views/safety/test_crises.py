import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.access import Role
from accounts.models import AuditEntry, Duty
from inbox import crises, moderation
from inbox.models import Crisis
from inbox.platforms.base import Action
from tests.factories import HOUR, MINUTE, make_channel, make_danger, make_location, make_member, make_waiting

pytestmark = pytest.mark.django_db

WORDS = "J’en peux plus, je veux mourir"


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


@pytest.fixture
def open_crisis(place):
    """open_crisis(kind, at, place): somebody may be in danger since then."""

    def opened(kind="self_harm", at=None, where=None):
        at = at or timezone.now()
        conversation = make_waiting(make_channel(where or place), at=at, text=WORDS)
        make_danger(conversation.messages.get(), kind, cues=[["direct", 19, 30]])
        crises.attend(now=at)
        crises.alert_due(now=at)
        conversation.refresh_from_db()
        return conversation

    return opened


def test_the_banner_says_what_was_seen_what_to_do_and_whom_to_call(open_crisis, pharmacist, ana, sign_in):
    conversation = open_crisis()

    page = sign_in(ana).get(conversation.get_absolute_url()).text

    assert "This person may want to end their life" in page
    assert "<q>veux mourir</q>" in page
    assert "do not promise secrecy" in page
    assert page.index("tel:+18662773553") < page.index("sms:535353") < page.index("tel:911") < page.index("tel:988")
    assert "A pharmacist or a manager takes this on. Call one now." in page


def test_who_may_not_take_it_on_reads_whom_to_call(open_crisis, pharmacist, place, ana, sign_in):
    type(place).objects.filter(pk=place.pk).update(phone="418 555-0101")
    type(pharmacist.user).objects.filter(pk=pharmacist.user_id).update(phone="418 555-0142")
    off_duty = make_member(place.organization, Role.PHARMACIST, name="Sylvie Absente")
    manager = make_member(place.organization, Role.MANAGER, name="Chantal Exemple")
    Duty.objects.create(location=place, membership=pharmacist, since=timezone.now())
    conversation = open_crisis()

    page = sign_in(ana).get(conversation.get_absolute_url()).text
    called = page[page.index("Call one now") : page.index("checked these numbers")]

    assert called.index("Paul Exemple") < called.index("on duty") < called.index("tel:4185550142") < called.index("Chantal")
    assert 'href="tel:4185550101"' in called  # the counter
    assert str(off_duty) not in called
    assert "Call one now" not in sign_in(manager).get(conversation.get_absolute_url()).text


@pytest.mark.parametrize(
    ("platform", "kind", "private"),
    [("facebook", "message", True), ("facebook", "comment", True), ("linkedin", "comment", False), ("google", "review", False)],
)
def test_nobody_is_sent_to_a_privacy_that_the_platform_does_not_have(place, pharmacist, sign_in, platform, kind, private):
    now = timezone.now()
    conversation = make_waiting(make_channel(place, platform), at=now, kind=kind, text=WORDS)
    make_danger(conversation.messages.get(), "medication_error")
    crises.attend(now=now)

    page = sign_in(pharmacist).get(conversation.get_absolute_url()).text

    assert ("in private. Find out what was taken" in page) is private
    assert ("Nobody can be written to in private here" in page) is not private


def test_elsewhere_the_lines_are_those_of_the_place(open_crisis, place, ana, sign_in):
    type(place).objects.filter(pk=place.pk).update(province="ON")
    page = sign_in(ana).get(open_crisis("poisoning").get_absolute_url()).text

    assert "1 844 764-7669" in page
    assert "1 800 463-5060" not in page


def test_words_that_were_changed_since_are_not_quoted(open_crisis, ana, sign_in):
    conversation = open_crisis()
    conversation.messages.update(text="Excusez-moi, oubliez ce que j’ai écrit", edited_at=timezone.now())

    page = sign_in(ana).get(conversation.get_absolute_url()).text

    assert "This person may want to end their life" in page
    assert "<q>" not in page


def test_a_conversation_without_danger_has_no_banner(place, ana, sign_in):
    conversation = make_waiting(make_channel(place))

    assert 'class="crisis"' not in sign_in(ana).get(conversation.get_absolute_url()).text


def test_one_button_takes_it_on_by_name(open_crisis, pharmacist, sign_in):
    conversation = open_crisis()
    client = sign_in(pharmacist)
    assert "I am taking this on" in client.get(conversation.get_absolute_url()).text

    page = client.post(f"/inbox/{conversation.pk}/take-on/", headers={"HX-Request": "true", "HX-Target": "conversation"}).text

    assert "<b>Paul Exemple</b> took this on" in page
    assert "I am taking this on" not in page
    assert "This person may want to end their life" in page  # it goes on until it is closed
    assert AuditEntry.objects.filter(action="crisis.acknowledged", actor=pharmacist).count() == 1


def test_the_day_is_not_written_as_if_it_began_a_sentence(open_crisis, pharmacist, sign_in):
    conversation = open_crisis()
    pharmacist.user.language = "fr-ca"
    pharmacist.user.save()
    client = sign_in(pharmacist)

    before = client.get(conversation.get_absolute_url(), headers={"Accept-Language": "fr-CA"}).text
    after = client.post(f"/inbox/{conversation.pk}/take-on/", follow=True, headers={"Accept-Language": "fr-CA"}).text

    assert re.search(r"Depuis\xa0: <time[^>]*>[a-z]", before)
    assert re.search(r"a pris cela en charge\xa0: <time[^>]*>[a-z]", after)


def test_staff_who_press_it_are_told_to_call_somebody(open_crisis, pharmacist, ana, sign_in):
    conversation = open_crisis()

    page = sign_in(ana).post(f"/inbox/{conversation.pk}/take-on/", follow=True).text

    assert "A pharmacist or a manager takes this on. Call one now." in page
    assert Crisis.objects.get().acknowledged_at is None


def test_every_page_says_on_top_who_may_be_in_danger_until_somebody_took_it_on(open_crisis, pharmacist, sign_in):
    conversation = open_crisis()
    client = sign_in(pharmacist)

    for address in ("/inbox/", "/inbox/?view=closed", "/inbox/?view=answered", "/templates/", "/inbox/notices/"):
        page = client.get(address).text
        assert "Somebody may be in danger" in page
        assert conversation.get_absolute_url() in page

    crises.acknowledge(conversation, by=pharmacist, now=timezone.now())
    assert "Somebody may be in danger" not in client.get("/templates/").text


def test_who_does_not_see_a_location_is_not_told_of_it(open_crisis, place, ana, sign_in):
    open_crisis(where=make_location(place.organization))

    assert "Somebody may be in danger" not in sign_in(ana).get("/inbox/").text


def test_it_is_first_in_the_list_before_what_is_late(open_crisis, place, ana, sign_in):
    late = make_waiting(make_channel(place), at=timezone.now() - 40 * HOUR)
    conversation = open_crisis()

    page = sign_in(ana).get("/inbox/").text

    assert page.index(f'id="row-{conversation.pk}"') < page.index(f'id="row-{late.pk}"')


def test_managers_see_what_was_late_and_who_took_it_on(open_crisis, place, pharmacist, sign_in):
    manager = make_member(place.organization, Role.MANAGER)
    now = timezone.now()
    taken = open_crisis("poisoning", now - HOUR)
    crises.acknowledge(taken, by=pharmacist, now=now - HOUR + 14 * MINUTE)
    client = sign_in(manager)
    page = client.get("/inbox/alerts/").text
    assert "Poisoning" in page
    assert "Paul Exemple" in page
    assert ">late<" not in page

    open_crisis("emergency", now - 16 * MINUTE)
    page = client.get("/inbox/alerts/").text
    assert page.count(">late<") == 1
    assert "nobody yet" in page


@pytest.mark.parametrize(("seconds", "said"), [(59, "under 1 min"), (60, "1 min"), (118, "1 min"), (180, "3 min")])
def test_how_long_it_took_is_told_in_minutes(open_crisis, place, pharmacist, sign_in, seconds, said):
    began = timezone.now() - HOUR
    taken = open_crisis("poisoning", began)
    crises.acknowledge(taken, by=pharmacist, now=began + timedelta(seconds=seconds))

    page = sign_in(make_member(place.organization, Role.MANAGER)).get("/inbox/alerts/").text

    assert f'data-label="After" class="nowrap">{said} <' in page


def test_what_somebody_in_danger_wrote_is_not_deleted_from_the_platform(open_crisis, pharmacist):
    conversation = open_crisis("threat")
    message = conversation.messages.get()

    assert Action.DELETE not in moderation.offered(message, pharmacist)
    with pytest.raises(moderation.NotPossible):
        moderation.ask(conversation, message, Action.DELETE, by=pharmacist, now=timezone.now(), reason="menace")


def test_one_message_with_several_dangers_is_one_list_of_whom_to_call_and_the_gravest_first(place, pharmacist, sign_in):
    now = timezone.now()
    conversation = make_waiting(make_channel(place), at=now, text="My son swallowed a bottle of pills and won't wake up")
    conversation.messages.update(topics=["self_harm", "poisoning"])
    for kind in ("poisoning", "self_harm", "emergency"):
        make_danger(conversation.messages.get(), kind)
    crises.attend(now=now)
    crises.alert_due(now=now)

    page = sign_in(pharmacist).get(conversation.get_absolute_url()).text
    banner = page[page.index('class="crisis"') : page.index('class="talk"')]

    assert banner.index("medical emergency") < banner.index("may be a poisoning") < banner.index("may want to end their life")
    assert banner.count("Whom they can call") == 1
    assert banner.index("tel:911") < banner.index("tel:+18004635060") < banner.index("tel:+18662773553")
    assert banner.count("tel:911") == 1


def test_of_dangers_that_went_the_same_way_it_is_said_once_whom_it_was_told(place, pharmacist, sign_in):
    now = timezone.now()
    conversation = make_waiting(make_channel(place), at=now, text=WORDS)

    def found(*kinds, at):
        for kind in kinds:
            make_danger(conversation.messages.get(), kind)
        crises.attend(now=at)
        page = sign_in(pharmacist).get(conversation.get_absolute_url()).text
        return page[page.index('class="crisis"') : page.index('class="talk"')].count("people were alerted")

    assert found("self_harm", "poisoning", at=now - 2 * MINUTE) == 1
    assert found("emergency", at=now - MINUTE) == 2, "this one is known since another minute"

    sign_in(pharmacist).post(f"/inbox/{conversation.pk}/take-on/")
    page = sign_in(pharmacist).get(conversation.get_absolute_url()).text
    assert page.count("took this on") == 1


@pytest.mark.parametrize(
    ("text", "shown"), [("mon gars a avalé une pile bouton", True), ("mon père a mal dans la poitrine", False)]
)
def test_the_poison_centre_is_named_for_anything_swallowed(place, ana, sign_in, text, shown):
    now = timezone.now()
    conversation = make_waiting(make_channel(place), at=now, text=text)
    make_danger(conversation.messages.get(), "emergency", "a")
    crises.attend(now=now)

    page = sign_in(ana).get(conversation.get_absolute_url()).text

    assert ("1 800 463-5060" in page) is shown
    assert "tel:911" in page


def test_one_row_and_one_line_a_conversation_name_all_that_was_found(open_crisis, place, pharmacist, sign_in):
    now = timezone.now()
    conversation = make_waiting(make_channel(place), at=now, text=WORDS)
    for kind in ("self_harm", "emergency"):
        make_danger(conversation.messages.get(), kind)
    crises.attend(now=now)
    client = sign_in(make_member(place.organization, Role.MANAGER))

    page = client.get("/inbox/alerts/").text
    assert page.count("nobody yet") == 1
    assert page.count("Emergency, Self-harm") == 2  # the row, and the strip on top

    make_danger(conversation.messages.get(), "poisoning")
    crises.attend(now=now + MINUTE)
    assert client.get("/inbox/alerts/").text.count("nobody yet") == 2


def test_the_button_is_the_first_thing_to_press_and_gives_the_conversation_to_who_pressed(open_crisis, pharmacist, sign_in):
    conversation = open_crisis()
    client = sign_in(pharmacist)
    page = client.get(conversation.get_absolute_url()).text
    assert 'data-kind="primary">' in page[: page.index("I am taking this on")].rpartition("<button")[2]

    client.post(f"/inbox/{conversation.pk}/take-on/")

    conversation.refresh_from_db()
    assert conversation.assignee == pharmacist


def test_a_badge_names_the_number_of_its_rules(open_crisis, pharmacist, sign_in):
    conversation = open_crisis()
    conversation.messages.get().findings.update(triage_version="9-8ea0e4df38c8-4c3332bd")

    page = sign_in(pharmacist).get(conversation.get_absolute_url()).text

    assert '<span title="9-8ea0e4df38c8-4c3332bd">rules 9</span>' in page
    assert "version 9-8ea" not in page


def test_the_trail_names_a_crisis_in_words(open_crisis, ben, sign_in):
    open_crisis("poisoning")

    page = sign_in(ben).get("/team/audit/").text

    assert ">Poisoning</td>" in page
    assert "<b>Poisoning</b>" in page
    assert ">poisoning" not in page


# --- language, and duty ---------------------------------------------------------------------------


def test_the_banner_is_in_the_readers_french(open_crisis, ana, sign_in):
    conversation = open_crisis("poisoning")
    ana.user.language = "fr-ca"
    ana.user.save()
    with translation.override("fr-ca"):
        page = sign_in(ana).get(conversation.get_absolute_url()).text

    assert "Centre antipoison du Québec" in page


def test_a_pharmacist_is_put_on_duty_where_one_sees(place, pharmacist, sign_in):
    elsewhere = make_location(place.organization)
    client = sign_in(make_member(place.organization, Role.MANAGER, locations=[place]))

    client.post(f"/team/duty/{place.pk}/", {f"place-{place.pk}-members": [pharmacist.pk]})
    answer = client.post(f"/team/duty/{elsewhere.pk}/", {f"place-{elsewhere.pk}-members": [pharmacist.pk]})

    assert answer.status_code == 404
    assert list(Duty.objects.values_list("location", "membership")) == [(place.pk, pharmacist.pk)]
    assert AuditEntry.objects.filter(action="duty.changed").count() == 1


def test_only_pharmacists_who_see_the_location_are_put_on_duty_there(place, ana, sign_in):
    client = sign_in(make_member(place.organization, Role.MANAGER))

    assert client.post(f"/team/duty/{place.pk}/", {f"place-{place.pk}-members": [ana.pk]}).status_code == 422
