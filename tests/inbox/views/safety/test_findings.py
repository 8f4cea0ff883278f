"""Badges that say why, and who may take one off: a named person, with a reason, and back again."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Role
from accounts.models import AuditEntry
from inbox.models import Conversation, Finding, Rank
from inbox.screening.shown import marking
from tests.factories import NOON, make_channel, make_finding, make_location, make_member, make_waiting

pytestmark = pytest.mark.django_db
TEXT = "Depuis la crème j’ai des <b>plaques</b>"


@pytest.fixture
def message(place):
    return make_waiting(make_channel(place), text=TEXT).messages.get()


@pytest.fixture
def finding(message):
    cues = [["product", 10, 15], ["event", TEXT.index("plaques"), TEXT.index("plaques") + 7]]
    return make_finding(message, "crème j’ai des <b>plaques", urgency=Rank.SOON, cues=cues)


def remove(client, finding, **said):
    return client.post(f"/inbox/findings/{finding.pk}/remove/", {"reason": "figure_of_speech"} | said)


def line_of(finding):
    return Conversation.objects.values_list("urgency", "badges").get(messages=finding.message_id)


def test_the_page_underlines_the_words_and_says_why(sign_in, ana, finding):
    page = sign_in(ana).get(f"/inbox/{finding.message.conversation_id}/").content.decode()

    assert '<mark class="seen-words" data-family="safety">crème j’ai des &lt;b&gt;plaques</mark>' in page
    assert "<b>plaques" not in page
    assert "“crème” (product), “plaques” (what happened)" in page


def test_a_row_says_what_was_seen(sign_in, ana, finding):
    make_finding(finding.message, "j’ai", family="identifier", type="phone")
    make_finding(finding.message, "des", family="identifier", type="email")

    page = sign_in(ana).get("/inbox/").content.decode()

    assert '<span class="badge" data-tone="amber">Adverse event</span>' in page
    assert 'title="Personal information"' in page


def test_a_row_says_why_when_one_points_at_it_and_repeats_no_number(sign_in, ana, finding):
    make_finding(finding.message, "j’ai", family="identifier", type="phone")

    said = sign_in(ana).get(f"/inbox/{finding.message.conversation_id}/why/").content.decode()

    assert "<b>Adverse event</b> “crème” (product), “plaques” (what happened)" in said
    assert "<b>Phone number</b></span>" in said


@pytest.mark.parametrize(
    ("role", "removes"),
    [
        (Role.STAFF, {"route"}),
        (Role.PHARMACIST, {"crisis", "safety", "identifier", "route"}),
        (Role.MANAGER, {"identifier", "route"}),
        (Role.COMPLIANCE, {"crisis", "safety", "identifier", "route"}),
        (Role.PRIVACY, {"identifier", "route"}),
        (Role.AUDITOR, set()),
        (Role.ADMIN, set()),
    ],
)
def test_each_role_removes_what_it_can_judge_and_no_more(sign_in, place, message, role, removes):
    client = sign_in(make_member(place.organization, role))
    found = {family: make_finding(message, family=family, type=family) for family in ("crisis", "safety", "identifier", "route")}

    page = client.get(f"/inbox/{message.conversation_id}/").content.decode()
    answers = {family: remove(client, finding, reason="other_meaning").status_code for family, finding in found.items()}

    assert {family for family, status in answers.items() if status == 302} == removes
    assert {status for family, status in answers.items() if family not in removes} <= {403}
    assert {row.family for row in Finding.objects.filter(removed_at__isnull=False)} == removes
    assert {family for family, finding in found.items() if f"findings/{finding.pk}/remove" in page} == removes


def test_a_removal_names_the_person_and_the_reason_and_can_be_undone(sign_in, place, finding):
    pharmacist = make_member(place.organization, Role.PHARMACIST, name="Rose Exemple")
    client = sign_in(pharmacist)
    assert line_of(finding) == (Rank.SOON, ["adverse_event"])

    remove(client, finding, note="Une blague")

    finding.refresh_from_db()
    assert (finding.removed_by, finding.removal, finding.removal_note) == (pharmacist, "figure_of_speech", "Une blague")
    assert line_of(finding) == (Rank.NONE, [])
    page = client.get(f"/inbox/{finding.message.conversation_id}/").content.decode()
    assert "removed by Rose Exemple" in page
    assert "seen-words" not in page

    client.post(f"/inbox/findings/{finding.pk}/put-back/")

    finding.refresh_from_db()
    assert (finding.removed_at, finding.removed_by, finding.removal, finding.removal_note) == (None, None, "", "")
    assert line_of(finding) == (Rank.SOON, ["adverse_event"])
    entries = AuditEntry.objects.filter(action__startswith="finding.").order_by("pk")
    assert [(entry.action, entry.actor, entry.detail["removal"]) for entry in entries] == [
        ("finding.removed", pharmacist, "figure_of_speech"),
        ("finding.put_back", pharmacist, "figure_of_speech"),
    ]


@pytest.mark.parametrize("said", [{"reason": ""}, {"reason": "because"}, {"reason": "other"}, {"reason": "not_personal"}])
def test_nobody_removes_without_a_reason(sign_in, place, finding, said):
    answer = remove(sign_in(make_member(place.organization, Role.PHARMACIST)), finding, **said)

    assert answer.status_code == 422
    assert Finding.objects.standing().count() == 1
    assert not AuditEntry.objects.filter(action="finding.removed").exists()


def test_a_removal_without_a_person_or_a_reason_is_refused_by_the_database(place, finding):
    for change in ({"removed_at": NOON, "removal": "other"}, {"removed_at": NOON, "removed_by": make_member(place.organization)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(**change)


def test_what_two_people_remove_is_removed_once(sign_in, place, finding):
    client = sign_in(make_member(place.organization, Role.PHARMACIST))

    remove(client, finding)
    answer = client.post(f"/inbox/findings/{finding.pk}/remove/", {"reason": "nobody"}, follow=True)

    assert "already removed" in answer.content.decode()
    assert AuditEntry.objects.filter(action="finding.removed").count() == 1


def test_who_does_not_see_the_location_does_not_find_it(sign_in, place, finding):
    elsewhere = make_location(place.organization)

    assert remove(sign_in(make_member(place.organization, Role.PHARMACIST, locations=[elsewhere])), finding).status_code == 404


def test_words_in_which_several_things_were_seen_are_cut_where_each_begins_and_ends():
    text = "abcdefgh"
    outer, inner, beyond = Finding(start=1, end=5), Finding(start=3, end=7), Finding(start=8, end=20)

    pieces = marking.pieces(text, [outer, inner, beyond])

    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, len(piece.findings)) for piece in pieces] == [("a", 0), ("bc", 1), ("de", 2), ("fg", 1), ("h", 0)]


@pytest.fixture
def twice(message):
    """The same, seen by two rules in two places."""
    first = make_finding(message, "plaques", rule="A", special="misuse")
    return first, make_finding(message, "crème", rule="B", serious=True)


def test_one_label_stands_once_on_a_message_whichever_rules_saw_it(sign_in, ana, message, twice):
    client = sign_in(ana)
    page = client.get(f"/inbox/{message.conversation_id}/").text
    badges = page[page.index('<div class="seen">') : page.index("menu-sheet seen-sheet")]

    assert badges.count("Adverse event") == 1
    assert "serious" in badges
    assert page.count('class="seen-one"') == 1
    assert "Rule A" in page
    assert "Rule B" in page
    assert client.get(f"/inbox/{message.conversation_id}/why/").text.count("Adverse event") == 1


def test_what_stands_once_is_removed_and_put_back_once(sign_in, place, message, twice):
    client = sign_in(make_member(place.organization, Role.PHARMACIST))

    remove(client, twice[1])

    assert not Finding.objects.standing().exists()
    page = client.get(f"/inbox/{message.conversation_id}/").text
    assert "1 badge removed" in page
    client.post(f"/inbox/findings/{twice[0].pk}/put-back/")
    assert Finding.objects.standing().count() == 2


def test_of_two_numbers_in_one_message_each_is_judged_by_itself(sign_in, place, message):
    client = sign_in(make_member(place.organization, Role.PHARMACIST))
    ours, theirs = (make_finding(message, words, family="identifier", type="phone") for words in ("crème", "plaques"))

    remove(client, ours, reason="not_personal")

    assert list(Finding.objects.standing()) == [theirs]


@pytest.mark.parametrize(("kind", "step"), [("pharmacy", "Offer to report it"), ("manufacturer", "within 24 hours")])
def test_a_badge_says_what_to_do_and_who_may_take_it_off(sign_in, ana, finding, kind, step):
    ana.organization.kind = kind
    ana.organization.save(update_fields=["kind"])

    page = sign_in(ana).get(f"/inbox/{finding.message.conversation_id}/").text
    sheet = page[page.index("seen-sheet") : page.index("seen-why")]

    assert step in sheet
    assert "Who may say that it is not so: Pharmacist, Compliance officer." in sheet


@pytest.mark.parametrize("kind", ["media_request", "legal"])
def test_what_keeps_an_answer_to_managers_is_theirs_to_remove(sign_in, place, ana, message, kind):
    manager = make_member(place.organization, Role.MANAGER)
    found = make_finding(message, "crème", family="route", type=kind)

    page = sign_in(ana).get(f"/inbox/{message.conversation_id}/").text
    assert "Who may say that it is not so: Manager." in page
    assert remove(sign_in(ana), found, reason="other_meaning").status_code == 403
    assert Finding.objects.standing().filter(pk=found.pk).exists()

    assert remove(sign_in(manager), found, reason="other_meaning").status_code in (200, 302)
    assert not Finding.objects.standing().filter(pk=found.pk).exists()


def test_where_there_is_no_manager_whoever_answers_removes_it(sign_in, ana, message):
    found = make_finding(message, "crème", family="route", type="media_request")

    assert remove(sign_in(ana), found, reason="other_meaning").status_code in (200, 302)
    assert not Finding.objects.standing().filter(pk=found.pk).exists()
