import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from inbox.models import Wait
from tests.factories import HOUR, NOON, make_channel, make_conversation, make_location, make_member, make_waiting

pytestmark = pytest.mark.django_db

ACTIONS = ["assign", "note", "close", "reopen", "exclude"]


@pytest.fixture
def waiting(place):
    return make_waiting(make_channel(place), at=timezone.now() - 2 * HOUR)


@pytest.fixture
def mia(place):
    return make_member(place.organization, Role.MANAGER, name="Mia Exemple")


@pytest.mark.parametrize("action", ACTIONS)
def test_what_one_does_not_see_one_cannot_change(sign_in, place, outsider, waiting, action):
    address = f"/inbox/{waiting.pk}/{action}/"
    strangers = [
        make_member(place.organization, Role.MANAGER, locations=[make_location(place.organization)]),
        make_member(outsider.organization, Role.MANAGER),
    ]

    for stranger in strangers:
        assert sign_in(stranger).post(address, {"reason": "r", "text": "t", "outcome": "spam"}).status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_a_link_changes_nothing(sign_in, mia, waiting, action):
    before = AuditEntry.objects.count()

    assert sign_in(mia).get(f"/inbox/{waiting.pk}/{action}/").status_code in {302, 405}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("action", ["assign", "note", "close", "reopen"])
def test_reading_is_not_working(sign_in, place, waiting, action):
    auditor = make_member(place.organization, Role.AUDITOR)

    assert sign_in(auditor).post(f"/inbox/{waiting.pk}/{action}/").status_code == 403


def test_only_those_who_may_take_a_wait_out_of_the_figures(sign_in, ana, waiting):
    assert sign_in(ana).post(f"/inbox/{waiting.pk}/exclude/", {"reason": "r"}).status_code == 403


def test_taking_a_conversation(sign_in, ana, waiting):
    answer = sign_in(ana).post(f"/inbox/{waiting.pk}/assign/?view=mine", {"member": ana.pk})

    waiting.refresh_from_db()
    assert waiting.assignee == ana
    assert answer.status_code == 302
    assert answer["Location"] == f"/inbox/{waiting.pk}/?view=mine"


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.PRIVACY])
def test_who_is_asked_for_advice_is_handed_it_notes_and_hands_it_back_and_closes_nothing(sign_in, ana, place, waiting, role):
    asked = make_member(place.organization, role, name="Paul Exemple")

    assert sign_in(ana).post(f"/inbox/{waiting.pk}/assign/", {"member": asked.pk}).status_code == 302
    client = sign_in(asked)
    assert "Paul Exemple" in client.get("/inbox/?view=mine").text
    assert client.post(f"/inbox/{waiting.pk}/note/", {"text": "Identity checked"}).status_code == 302
    assert client.post(f"/inbox/{waiting.pk}/close/", {"outcome": "no_reply_needed"}).status_code == 403
    assert client.post(f"/inbox/{waiting.pk}/assign/", {"member": ana.pk}).status_code == 302

    waiting.refresh_from_db()
    assert waiting.assignee == ana
    assert waiting.notes.get().text == "Identity checked"


def test_a_conversation_goes_only_to_somebody_who_works_on_it(sign_in, ana, outsider, place, waiting):
    auditor = make_member(place.organization, Role.AUDITOR)
    elsewhere = make_member(place.organization, locations=[make_location(place.organization)])

    for member in (auditor, outsider, elsewhere):
        assert sign_in(ana).post(f"/inbox/{waiting.pk}/assign/", {"member": member.pk}).status_code == 422

    waiting.refresh_from_db()
    assert waiting.assignee is None


def test_a_note_stays_among_ourselves_and_stops_no_clock(sign_in, ana, waiting):
    answer = sign_in(ana).post(f"/inbox/{waiting.pk}/note/", {"text": "Called at 13:05"}, follow=True)

    assert "Called at 13:05" in answer.text
    assert Wait.objects.running().filter(conversation=waiting).exists()


def test_an_empty_note_comes_back_with_its_reason(sign_in, ana, waiting):
    answer = sign_in(ana).post(f"/inbox/{waiting.pk}/note/", {"text": " "})

    assert answer.status_code == 422
    assert "This field is required" in answer.text


def test_words_that_were_too_long_are_not_lost(sign_in, ana, waiting):
    answer = sign_in(ana).post(f"/inbox/{waiting.pk}/note/", {"text": "x" * 4001})

    assert answer.status_code == 422
    assert "x" * 4001 in answer.text


def test_closing_asks_how_it_ended(sign_in, ana, waiting):
    client = sign_in(ana)

    assert client.post(f"/inbox/{waiting.pk}/close/").status_code == 422
    assert client.post(f"/inbox/{waiting.pk}/close/", {"outcome": "no_reply_needed"}).status_code == 302

    waiting.refresh_from_db()
    assert waiting.state == "closed"
    assert waiting.close_outcome == "no_reply_needed"


def test_nobody_closes_as_answered_what_still_waits(sign_in, ana, waiting, place):
    quiet = make_conversation(make_channel(place))
    client = sign_in(ana)

    assert client.post(f"/inbox/{waiting.pk}/close/", {"outcome": "answered"}).status_code == 422
    assert client.post(f"/inbox/{quiet.pk}/close/", {"outcome": "answered"}).status_code == 302


def test_reopening_lets_the_wait_run_on(sign_in, ana, waiting):
    client, due_at = sign_in(ana), waiting.due_at
    client.post(f"/inbox/{waiting.pk}/close/", {"outcome": "no_reply_needed"})

    client.post(f"/inbox/{waiting.pk}/reopen/")

    waiting.refresh_from_db()
    assert waiting.due_at == due_at


def test_a_wait_is_taken_out_of_the_figures_with_a_reason_and_put_back(sign_in, mia, waiting):
    client, due_at, wait = sign_in(mia), waiting.due_at, waiting.waits.get()

    assert client.post(f"/inbox/{waiting.pk}/exclude/", {"reason": ""}).status_code == 422
    client.post(f"/inbox/{waiting.pk}/exclude/", {"reason": "A test of ours"})
    wait.refresh_from_db()
    assert (wait.outcome, wait.reason, wait.ender) == ("excluded", "A test of ours", mia)

    client.post(f"/inbox/waits/{wait.pk}/reopen/")
    wait.refresh_from_db()
    assert wait.outcome == ""
    assert wait.due_at == due_at


def test_a_wait_that_has_ended_meanwhile_is_not_excluded(sign_in, mia, place):
    quiet = make_conversation(make_channel(place), at=NOON)

    answer = sign_in(mia).post(f"/inbox/{quiet.pk}/exclude/", {"reason": "r"})

    assert answer.status_code == 422


def test_another_tenants_wait_is_not_put_back(sign_in, outsider, waiting):
    other = make_member(outsider.organization, Role.MANAGER)

    assert sign_in(other).post(f"/inbox/waits/{waiting.waits.get().pk}/reopen/").status_code == 404


def test_with_htmx_an_action_answers_with_the_conversation_alone(sign_in, ana, waiting):
    headers = {"HX-Request": "true", "HX-Target": "conversation"}

    done = sign_in(ana).post(f"/inbox/{waiting.pk}/assign/", {"member": ana.pk}, headers=headers)
    wrong = sign_in(ana).post(f"/inbox/{waiting.pk}/note/", {"text": ""}, headers=headers)

    assert done.status_code == 200
    assert 'id="conversation"' in done.text
    assert "<html" not in done.text
    assert wrong.status_code == 422
    assert "<html" not in wrong.text
