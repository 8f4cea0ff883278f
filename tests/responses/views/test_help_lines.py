"""The page Help lines: who checked the numbers, and how the approved words read with them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import crises
from inbox.models import HelpLinesCheck
from inbox.triage.help import help_lines
from responses import replies
from responses.replies import Words
from tests.factories import (
    HOUR,
    make_channel,
    make_danger,
    make_location,
    make_member,
    make_organization,
    make_version,
    make_waiting,
)

PAGE, CHECK = reverse("responses:help_lines"), reverse("responses:help_lines_check")
LIBRARY, QUEUE = reverse("responses:templates"), reverse("responses:queue")
WORDS = {
    "topic": "poisoning",
    "title_en": "Poison centre",
    "body_fr": "Bonjour, appelez {help_poisoning}.",
    "body_en": "Hi, call {help_poisoning}.",
}


@pytest.fixture
def at(sign_in, ben):
    return sign_in(ben)


@pytest.fixture
def version(place):
    return make_version(place.organization, **WORDS)


@pytest.fixture
def changed_table(tmp_path, monkeypatch):
    """changed_table("1 800 463-5060", "1 800 555-0100"): from then on the table says so."""

    def change(before, after):
        text = help_lines.FILE.read_text(encoding="utf-8")
        assert before in text
        file = tmp_path / "help_lines.toml"
        file.write_text(text.replace(before, after), encoding="utf-8")
        monkeypatch.setattr(help_lines, "FILE", file)
        help_lines.table.cache_clear()

    yield change
    monkeypatch.undo()
    help_lines.table.cache_clear()


def hidden(page, name):
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def check(client):
    page = client.get(PAGE).text
    return client.post(CHECK, {name: hidden(page, name) for name in ("digest", "seen")})


def to_read_again(client, address=LIBRARY):
    return client.get(address).context["to_read_again"]


# --- the check ------------------------------------------------------------------------------------------


def test_compliance_checks_the_table_by_name_and_a_year_later_it_is_asked_again(at):
    assert "Nobody in this organization has checked these numbers yet." in at.get(PAGE).text

    check(at)

    assert "Checked by Ben Exemple" in at.get(PAGE).text
    HelpLinesCheck.objects.update(at=timezone.now() - 366 * 24 * HOUR)
    assert "Since then a year has passed, or the table has changed." in at.get(PAGE).text


def test_a_changed_table_is_unchecked_again(at, changed_table):
    check(at)

    changed_table("1 800 463-5060", "1 800 555-0100")

    assert "Since then a year has passed, or the table has changed." in at.get(PAGE).text


def test_a_table_that_changed_while_one_looked_is_not_checked(at):
    at.post(CHECK, {"digest": "older", "seen": ""})

    assert not HelpLinesCheck.objects.exists()


def test_words_that_came_into_force_while_one_looked_are_not_covered(at, place, version):
    page = at.get(PAGE).text
    make_version(place.organization, **WORDS)

    at.post(CHECK, {name: hidden(page, name) for name in ("digest", "seen")})

    assert not HelpLinesCheck.objects.exists()


def test_others_read_the_table_and_do_not_check_it(ana, sign_in):
    client = sign_in(ana)

    assert "1 866 277-3553" in client.get(PAGE).text
    assert client.post(CHECK, {"digest": "any"}).status_code == 403


def test_the_trail_says_which_words_were_read(at, version):
    check(at)

    assert AuditEntry.objects.get(action="help_lines.checked").detail["templates"] == [str(version)]


# --- what it covers -------------------------------------------------------------------------------------


def test_words_are_shown_as_they_read_at_each_place(at, place, version):
    make_location(place.organization, province="ON")
    make_location(place.organization, province="NB")

    text = at.get(PAGE).context["templates"][0][1]

    quebec, elsewhere = sorted(text, key=lambda reading: "Québec" not in reading.places)
    assert quebec.texts == [
        ("fr", "Bonjour, appelez le Centre antipoison du Québec au 1 800 463-5060."),
        ("en", "Hi, call the Québec Poison Control Centre at 1 800 463-5060."),
    ]
    assert set(elsewhere.places.split(", ")) == {"New Brunswick", "Ontario"}
    assert "1 844 764-7669" in elsewhere.texts[0][1]


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({}, True),
        ({"topic": "adverse_event"}, True),  # by its field
        ({"topic": "self_harm", "body_fr": "Appelez.", "body_en": "Call."}, True),  # by its topic
        ({"topic": "hours", "body_fr": "Bonjour.", "body_en": "Hi."}, False),
        ({"state": "in_review"}, False),
    ],
)
def test_what_says_whom_to_call_is_read_again(at, place, fields, listed):
    version = make_version(place.organization, **WORDS | fields)

    assert to_read_again(at) == ({version.pk} if listed else set())
    assert bool(at.get(PAGE).context["templates"]) is listed


def test_nobody_reads_the_words_of_others(at):
    make_version(make_organization(), **WORDS)

    assert at.get(PAGE).context["templates"] == []
    assert not to_read_again(at)


def test_the_check_covers_them_until_the_table_changes_and_they_stay_in_use_all_the_while(at, ana, place, version, changed_table):
    check(at)
    assert not to_read_again(at)

    changed_table("1 800 463-5060", "1 800 555-0100")

    assert to_read_again(at) == to_read_again(at, QUEUE) == {version.pk}
    assert "to be read again" in at.get(LIBRARY).text
    assert "has yet to check. They stay in use" in at.get(reverse("responses:template", args=[version.template_id])).text
    assert "Centre antipoison du Québec au" in at.get(PAGE).text
    assert "1 800 555-0100" in at.get(PAGE).text
    conversation = make_waiting(make_channel(place), at=timezone.now())
    make_danger(conversation.messages.get(), "poisoning")
    crises.attend(now=timezone.now())
    reply = replies.compose(conversation, by=ana, now=timezone.now(), words=Words(version=version))
    assert reply.text == "Bonjour, appelez le Centre antipoison du Québec au 1 800 555-0100."

    check(at)

    assert not to_read_again(at)


def test_a_number_typed_out_is_said_to_follow_nothing(at, place):
    make_version(place.organization, **WORDS | {"body_fr": "Appelez le 1 800 463-5060.", "body_en": "Call 1 800 463-5060."})

    assert "A number is typed out in these words." in at.get(PAGE).text


def test_who_may_not_read_templates_reads_the_table_alone(at, place, version, sign_in):
    for role in Role:
        client = sign_in(make_member(place.organization, role))
        if client.get(PAGE).status_code == 200:
            assert bool(client.get(PAGE).context["templates"]) is (client.get(LIBRARY).status_code == 200)


# --- where words are written and decided on -------------------------------------------------------------


def test_the_editor_offers_the_fields_with_the_numbers_of_every_place(at, place):
    make_location(place.organization, province="ON")

    page = at.get(reverse("responses:template_new")).text

    assert "{help_self_harm}" in page
    assert "1 844 764-7669" in page
    assert "1 800 463-5060" in page


def test_who_decides_reads_the_words_with_real_numbers_and_is_warned_of_one_that_is_typed_out(at, place):
    make_version(place.organization, state="in_review", **WORDS)
    assert "Centre antipoison du Québec au" in at.get(QUEUE).text
    assert "typed out" not in at.get(QUEUE).text

    typed = WORDS | {"body_fr": "Appelez le 1 800 463-5060.", "body_en": "Call 1 800 463-5060."}
    make_version(place.organization, state="in_review", **typed)

    assert "typed out" in at.get(QUEUE).text
