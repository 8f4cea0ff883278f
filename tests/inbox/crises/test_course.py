"""A crisis from the finding that opens it to its end, and who is told meanwhile. All times are given."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from accounts.team import duty
from inbox import conversations, crises
from inbox.crises import alerts
from inbox.models import Crisis, Finding, Notice
from inbox.news import mails
from inbox.screening.by_people import judging
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_danger,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db


def told():
    return sorted(str(notice.membership) for notice in Notice.objects.filter(kind__startswith="crisis", read_at=None))


def sweep(now):
    crises.attend(now=now)
    crises.resolve(now=now)
    return crises.alert_due(now=now)


def remove(finding, by, now):
    judging.remove(finding, reason="figure_of_speech", note="", by=by, now=now)


def test_a_finding_opens_one_crisis_however_often_it_is_looked_at(conversation, finding):
    assert crises.attend(now=NOON) == 1
    assert crises.attend(now=NOON + SECOND) == 0

    crisis = Crisis.objects.get()
    conversation.refresh_from_db()
    assert (crisis.type, crisis.opened_at, crisis.ended_at) == ("self_harm", NOON, None)
    assert (conversation.urgency, conversation.crisis_since) == (0, NOON)


@pytest.mark.parametrize("fields", [{"family": "safety"}, {"urgency": 1}, {"replaced_at": NOON}])
def test_what_is_no_danger_now_opens_none(conversation, fields):
    make_danger(conversation.messages.get(), **fields)

    assert crises.attend(now=NOON) == 0


def test_what_was_said_long_ago_and_settled_opens_none_when_new_rules_find_it(place):
    old = make_waiting(make_channel(place), at=NOON - 30 * DAY)
    conversations.close(old, "answered", by=make_member(place.organization), now=NOON - 29 * DAY)
    make_danger(old.messages.get(), found_at=NOON)
    historic = make_waiting(make_channel(place))
    historic.messages.update(historic=True)
    make_danger(historic.messages.get())

    assert crises.attend(now=NOON) == 0


def test_who_still_waits_is_never_old_news(place):
    waiting = make_waiting(make_channel(place), at=NOON - 30 * DAY)
    make_danger(waiting.messages.get(), found_at=NOON)

    assert crises.attend(now=NOON) == 1


def test_however_long_nobody_looked_a_danger_is_told_of(conversation, finding, pharmacist):
    assert sweep(NOON + 40 * DAY) == 1

    assert told() == ["Paul Exemple"]


def test_an_answer_meanwhile_does_not_make_old_news_of_what_nobody_looked_at(place, pharmacist):
    answered = make_waiting(make_channel(place))
    make_danger(answered.messages.get())
    make_message(answered, at=NOON + MINUTE, direction="out")
    assert answered.due_at is None

    assert crises.attend(now=NOON + 40 * DAY) == 1


def test_what_asked_for_no_crisis_while_it_was_fresh_opens_none_when_somebody_writes_again(place):
    old = make_waiting(make_channel(place), at=NOON - 30 * DAY)
    by = make_member(place.organization)
    conversations.close(old, "answered", by=by, now=NOON - 29 * DAY)
    make_danger(old.messages.get(), found_at=NOON)
    assert crises.attend(now=NOON) == 0

    assert crises.pass_over(now=NOON + DAY) == 0
    assert crises.pass_over(now=NOON + DAY + SECOND) == 1
    assert crises.pass_over(now=NOON + DAY + 2 * SECOND) == 0
    conversations.reopen(old, by=by, now=NOON + 2 * DAY)

    assert crises.attend(now=NOON + 2 * DAY) == 0


def test_what_still_asks_for_a_crisis_is_not_passed_over(conversation, finding):
    assert crises.pass_over(now=NOON + 40 * DAY) == 0

    assert crises.attend(now=NOON + 40 * DAY) == 1


def test_people_are_told_at_once_then_every_ten_minutes_until_one_takes_it_on(conversation, finding, pharmacist, manager, ana):
    assert sweep(NOON) == 1
    assert told() == ["Mona Exemple", "Paul Exemple"]
    Notice.objects.update(read_at=NOON)

    assert sweep(NOON + 10 * MINUTE - SECOND) == 0
    assert told() == []
    assert sweep(NOON + 10 * MINUTE) == 1
    assert told() == ["Mona Exemple", "Paul Exemple"]

    crises.acknowledge(conversation, by=pharmacist, now=NOON + 11 * MINUTE)

    assert sweep(NOON + 20 * MINUTE) == 0
    assert told() == []
    crisis = Crisis.objects.get()
    assert (crisis.alerts, crisis.acknowledged_by, crisis.acknowledged_at) == (2, pharmacist, NOON + 11 * MINUTE)
    assert crisis.ended_at is None


def test_a_clock_that_stood_still_tells_once(conversation, finding, pharmacist):
    sweep(NOON)

    assert sweep(NOON + HOUR) == 1
    assert sweep(NOON + HOUR + 10 * MINUTE - SECOND) == 0


def test_it_is_late_after_fifteen_minutes_and_the_notice_says_so(conversation, finding, pharmacist):
    sweep(NOON)
    crisis = Crisis.objects.get()

    assert not crisis.is_late(NOON + 15 * MINUTE)
    assert crisis.is_late(NOON + 15 * MINUTE + SECOND)
    sweep(NOON + 20 * MINUTE)
    assert Notice.objects.get().kind == "crisis_late"


def test_one_taken_on_in_time_is_not_late_later(conversation, finding, pharmacist):
    sweep(NOON)
    crises.acknowledge(conversation, by=pharmacist, now=NOON + 15 * MINUTE)

    assert not Crisis.objects.get().is_late(NOON + DAY)


def test_the_trail_says_who_was_told_and_who_took_it_on(conversation, finding, pharmacist, manager):
    sweep(NOON)
    crises.acknowledge(conversation, by=manager, now=NOON + MINUTE)

    entries = AuditEntry.objects.filter(action__startswith="crisis.").order_by("pk")
    assert [entry.action for entry in entries] == ["crisis.opened", "crisis.alerted", "crisis.acknowledged"]
    assert entries[1].detail["members"] == sorted([pharmacist.pk, manager.pk])
    assert entries[2].actor == manager
    assert "mourir" not in str([(entry.detail, entry.subject) for entry in entries])


def test_the_second_to_press_is_told_who_was_first(conversation, finding, pharmacist, manager):
    sweep(NOON)
    crises.acknowledge(conversation, by=pharmacist, now=NOON)

    with pytest.raises(alerts.NotPossible, match="Paul Exemple"):
        crises.acknowledge(conversation, by=manager, now=NOON)
    assert Crisis.objects.get().acknowledged_by == pharmacist


def test_staff_do_not_silence_what_a_pharmacist_is_to_hear(conversation, finding, pharmacist, ana):
    sweep(NOON)

    with pytest.raises(alerts.NotPossible):
        crises.acknowledge(conversation, by=ana, now=NOON)
    assert sweep(NOON + 10 * MINUTE) == 1


def test_what_is_taken_on_while_a_clock_is_about_to_tell_is_not_told(conversation, finding, pharmacist):
    crises.attend(now=NOON)
    seen = []

    def taken_on_meanwhile(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if "inbox_crisis" in sql and sql.endswith("LIMIT 1") and not seen:  # it is due, says the first look
            seen.append(sql)
            Crisis.objects.update(acknowledged_at=NOON, acknowledged_by=pharmacist, alert_at=None)
        return found

    with connection.execute_wrapper(taken_on_meanwhile):
        assert crises.alert_due(now=NOON) == 0

    assert (len(seen), told()) == (1, [])


# --- who ----------------------------------------------------------------------------------------------


def test_where_somebody_is_on_duty_the_other_pharmacists_are_left_alone(conversation, finding, pharmacist, manager, place):
    on_duty = make_member(place.organization, Role.PHARMACIST, locations=[place], name="Odile Exemple")
    duty.put(place, [on_duty], by=manager, now=NOON)

    sweep(NOON)

    assert told() == ["Mona Exemple", "Odile Exemple"]


def test_who_is_on_duty_elsewhere_or_works_here_no_more_is_not_told(conversation, finding, pharmacist, manager, place):
    elsewhere = make_location(place.organization)
    other = make_member(place.organization, Role.PHARMACIST, locations=[elsewhere], name="Autre Exemple")
    duty.put(elsewhere, [other], by=manager, now=NOON)
    gone = make_member(place.organization, Role.PHARMACIST, name="Parti Exemple")
    duty.put(place, [gone], by=manager, now=NOON)
    type(gone).objects.filter(pk=gone.pk).update(ended_at=NOON)

    sweep(NOON)

    assert told() == ["Mona Exemple", "Paul Exemple"]


def test_without_pharmacist_or_manager_whoever_answers_is_told_and_may_take_it_on(conversation, finding, ana):
    sweep(NOON)

    assert told() == ["Ana Exemple"]
    assert crises.acknowledge(conversation, by=ana, now=NOON) == 1


def test_somebody_is_told_even_where_nobody_answers(conversation, finding, ben):
    sweep(NOON)

    assert told() == ["Ben Exemple"]


def test_no_other_tenant_is_told(conversation, finding, pharmacist, outsider):
    make_member(outsider.organization, Role.MANAGER)

    sweep(NOON)

    assert told() == ["Paul Exemple"]


# --- mail ---------------------------------------------------------------------------------------------


def test_the_mail_says_where_and_not_what_nor_who(conversation, finding, pharmacist, mailoutbox):
    sweep(NOON)
    assert mails.send_due(now=NOON) == 1
    assert mails.send_due(now=NOON) == 0

    [mail] = mailoutbox
    assert mail.to == [pharmacist.user.email]
    assert "somebody may be in danger (Vieux-Quai)" in mail.subject
    assert conversation.get_absolute_url() in mail.body
    for secret in ("mourir", "Julie", "Self-harm"):
        assert secret not in mail.body + mail.subject


def test_no_mail_leaves_once_somebody_took_it_on(conversation, finding, pharmacist, manager, mailoutbox):
    sweep(NOON)
    crises.acknowledge(conversation, by=manager, now=NOON)

    assert mails.send_due(now=NOON + MINUTE) == 0
    assert mailoutbox == []


# --- the end ------------------------------------------------------------------------------------------


def test_a_person_who_says_that_it_is_not_so_ends_it(conversation, finding, pharmacist):
    sweep(NOON)
    remove(finding, pharmacist, NOON + MINUTE)

    assert sweep(NOON + 10 * MINUTE) == 0
    crisis = Crisis.objects.get()
    conversation.refresh_from_db()
    assert (crisis.ended, crisis.ended_at) == ("removed", NOON + MINUTE)
    assert (conversation.crisis_since, conversation.urgency, conversation.badges) == (None, 3, [])
    assert told() == []


def test_what_is_put_back_begins_again(conversation, finding, pharmacist):
    sweep(NOON)
    remove(finding, pharmacist, NOON + MINUTE)
    judging.put_back(finding, by=pharmacist, now=NOON + 2 * DAY)

    assert sweep(NOON + 2 * DAY) == 1
    conversation.refresh_from_db()
    assert (conversation.crisis_since, conversation.urgency, conversation.badges) == (NOON + 2 * DAY, 0, ["self_harm"])


def test_what_went_away_otherwise_is_noticed_by_the_clock(conversation, finding, pharmacist):
    sweep(NOON)
    type(finding).objects.update(replaced_at=NOON)

    assert sweep(NOON + 10 * MINUTE) == 0
    conversation.refresh_from_db()
    assert (Crisis.objects.get().ended, conversation.crisis_since, conversation.urgency) == ("removed", None, 3)


def test_it_stays_open_while_another_finding_of_it_stands(conversation, finding, pharmacist):
    make_danger(make_message(conversation, at=NOON + SECOND, text="Je suis sérieux"), rule="CR-other")
    sweep(NOON + SECOND)
    remove(finding, pharmacist, NOON)

    sweep(NOON + MINUTE)

    assert Crisis.objects.get().ended_at is None


def test_closing_the_conversation_ends_it_and_reopening_takes_it_up_again(conversation, finding, pharmacist, manager):
    sweep(NOON)
    conversations.close(conversation, "answered_elsewhere", by=pharmacist, now=NOON + MINUTE)
    assert Crisis.objects.get().ended == "closed"
    assert sweep(NOON + 10 * MINUTE) == 0

    conversations.reopen(conversation, by=pharmacist, now=NOON + 20 * MINUTE)

    conversation.refresh_from_db()
    assert Crisis.objects.get().ended_at is None
    assert conversation.crisis_since == NOON
    assert sweep(NOON + 20 * MINUTE) == 1


@pytest.mark.parametrize("attended", [True, False])
def test_who_may_not_take_it_on_does_not_close_it_away_before_somebody_did(
    conversation, finding, pharmacist, ana, sign_in, attended
):
    if attended:
        sweep(NOON)
    else:
        Finding.objects.filter(pk=finding.pk).update(found_at=timezone.now())
    answer = sign_in(ana).post(f"/inbox/{conversation.pk}/close/", {"outcome": "spam"})

    assert answer.status_code == 422
    assert "takes this on before it is closed" in answer.text
    assert sweep(timezone.now()) == 1

    crises.acknowledge(conversation, by=pharmacist, now=timezone.now())
    conversations.close(conversation, "spam", by=ana, now=timezone.now())

    assert Crisis.objects.get().ended == "closed"


def test_thanks_later_in_the_thread_lower_nothing(conversation, finding, pharmacist):
    sweep(NOON)
    make_message(conversation, at=NOON + MINUTE, direction="out", source="comptoir", text="Appelez le 1 866 277-3553.")
    make_message(conversation, at=NOON + HOUR, text="merci 🙏")

    conversation.refresh_from_db()
    assert (conversation.urgency, conversation.crisis_since, conversation.badges) == (0, NOON, ["self_harm"])
    assert Crisis.objects.get().ended_at is None


def test_who_writes_again_after_it_was_taken_on_is_told_of_again(conversation, finding, pharmacist):
    sweep(NOON)
    crises.acknowledge(conversation, by=pharmacist, now=NOON + MINUTE)
    make_danger(make_message(conversation, at=NOON + HOUR, text="c’est fini"))

    assert sweep(NOON + HOUR) == 1

    first, second = Crisis.objects.all()
    assert (first.ended, second.ended_at, second.alerts) == ("followed", None, 1)
    assert second.findings.count() == 2


def test_what_was_written_before_it_was_taken_on_belongs_to_it(conversation, finding, pharmacist):
    sweep(NOON)
    late = make_message(conversation, at=NOON + 30 * SECOND, text="c’est fini")
    crises.acknowledge(conversation, by=pharmacist, now=NOON + MINUTE)
    make_danger(late)

    assert sweep(NOON + 2 * MINUTE) == 0
    assert Crisis.objects.count() == 1


def test_another_danger_is_a_crisis_of_its_own(conversation, finding, pharmacist):
    sweep(NOON)
    crises.acknowledge(conversation, by=pharmacist, now=NOON)
    make_danger(conversation.messages.get(), "poisoning")

    assert sweep(NOON + MINUTE) == 1
    assert set(Crisis.objects.values_list("type", "acknowledged_by")) == {("self_harm", pharmacist.pk), ("poisoning", None)}


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_open_one_and_tell_once(conversation, finding, pharmacist):
    ready, alerted = threading.Barrier(4), []

    def clock():
        ready.wait(10)
        crises.attend(now=NOON)
        alerted.append(crises.alert_due(now=NOON))
        connection.close()

    threads = [threading.Thread(target=clock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sum(alerted) == 1
    assert Crisis.objects.get().alerts == 1
    assert AuditEntry.objects.filter(action="crisis.alerted").count() == 1


# --- several dangers in one conversation ----------------------------------------------------------------


def test_several_dangers_of_one_conversation_are_told_once(conversation, finding, pharmacist, mailoutbox):
    make_danger(conversation.messages.get(), "poisoning")
    make_danger(conversation.messages.get(), "emergency")

    assert sweep(NOON) == 1

    mails.send_due(now=NOON)
    assert mailoutbox[0].body.count(conversation.get_absolute_url()) == 1
    assert Notice.objects.count() == 1
    entry = AuditEntry.objects.get(action="crisis.alerted")
    assert (entry.subject, entry.detail["types"]) == ("emergency", ["emergency", "poisoning", "self_harm"])
    assert sweep(NOON + 10 * MINUTE) == 1


def test_one_of_another_kind_is_told_when_it_comes_and_again_with_the_others(conversation, finding, pharmacist):
    sweep(NOON)
    make_danger(conversation.messages.get(), "poisoning")

    assert sweep(NOON + 5 * MINUTE) == 1
    assert sweep(NOON + 10 * MINUTE) == 0
    assert sweep(NOON + 15 * MINUTE) == 1


def test_what_is_told_stays_unread_while_another_danger_stands(conversation, finding, pharmacist):
    make_danger(conversation.messages.get(), "poisoning")
    sweep(NOON)

    remove(finding, pharmacist, NOON + MINUTE)

    assert told() == ["Paul Exemple"]


def test_who_takes_it_on_has_the_conversation_where_it_was_nobodys(conversation, finding, pharmacist, manager):
    sweep(NOON)
    conversations.take_on(conversation, by=pharmacist, now=NOON)
    assert conversation.assignee == pharmacist

    make_danger(conversation.messages.get(), "poisoning")
    sweep(NOON + MINUTE)
    conversations.take_on(conversation, by=manager, now=NOON + MINUTE)

    conversation.refresh_from_db()
    assert conversation.assignee == pharmacist
