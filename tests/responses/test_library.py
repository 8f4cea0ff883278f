"""Approved words: who may do what in which state, and what the database refuses by itself."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.access import Role
from accounts.models import AuditEntry
from inbox.models import Channel
from responses import library
from responses.models import Template, TemplateVersion
from responses.texts import readiness
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_location, make_member, make_organization, make_version

State = TemplateVersion.State
WORDS = {
    "title_fr": "Heures",
    "title_en": "Hours",
    "topic": "hours",
    "audience": "both",
    "platforms": [],
    "body_fr": "Bonjour {first_name}, {answer} Au plaisir!",
    "body_en": "Hi {first_name}, {answer} See you soon!",
}


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def in_review(ana, **words):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS | words)
    return library.submit(version, by=ana, now=NOON)


def actions():
    entries = AuditEntry.objects.filter(action__startswith="template.")
    return list(entries.order_by("pk").values_list("action", flat=True))


# --- the way of good words ------------------------------------------------------------------------------


def test_words_go_from_draft_through_review_into_force(ana, ben):
    version = in_review(ana)

    library.approve(version, by=ben, now=NOON + HOUR, expires_on=date(2027, 11, 23), comment="Bon texte")

    assert list(TemplateVersion.objects.usable(NOON + HOUR)) == [version]
    assert Template.objects.get().in_force == version
    assert actions() == ["template.drafted", "template.submitted", "template.approved"]
    detail = AuditEntry.objects.get(action="template.approved").detail
    assert detail["before"] == {"state": "in_review"}
    assert detail["after"] == {"state": "approved", "number": 1, "expires_on": "2027-11-23"}
    assert detail["comment"] == "Bon texte"


def test_new_words_replace_the_old_only_when_they_are_approved(ana, ben):
    first = library.approve(in_review(ana), by=ben, now=NOON)

    second = library.revise(first, by=ana, now=NOON, body_en="Hello {first_name}, {answer}")
    library.submit(second, by=ana, now=NOON)
    assert list(TemplateVersion.objects.usable(NOON)) == [first]

    library.approve(second, by=ben, now=NOON + HOUR)
    assert list(TemplateVersion.objects.usable(NOON + HOUR)) == [second]
    first.refresh_from_db()
    assert (second.number, first.state) == (2, State.REPLACED)


def test_a_draft_is_changed_in_place_and_the_trail_keeps_how_it_read(ana):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS)

    changed = library.revise(version, by=ana, now=NOON, title_en="Opening times")

    assert (changed.pk, changed.number, changed.title_en) == (version.pk, 1, "Opening times")
    detail = AuditEntry.objects.get(action="template.revised").detail
    assert (detail["before"]["title_en"], detail["after"]["title_en"]) == ("Hours", "Opening times")


def test_changes_asked_for_are_made_on_the_same_version_and_handed_in_again(ana, ben):
    version = library.request_changes(in_review(ana), by=ben, now=NOON, comment=" Plus court ")
    assert version.comment == "Plus court"

    version = library.revise(version, by=ana, now=NOON, body_fr="Bonjour {first_name}, {answer}")
    assert version.state == State.DRAFT
    version = library.submit(version, by=ana, now=NOON + HOUR)

    assert (version.number, version.state) == (1, State.IN_REVIEW)


def test_the_reviewer_who_makes_the_changes_becomes_the_author(ana, ben):
    version = library.request_changes(in_review(ana), by=ben, now=NOON, comment="Je le fais")

    version = library.revise(version, by=ben, now=NOON, body_fr="Bonjour {first_name}, {answer}")

    assert (version.author, version.decided_by) == (ben, None)


# --- four eyes ------------------------------------------------------------------------------------------


def test_an_author_never_decides_on_their_own_words(ben):
    version = in_review(ben)

    with pytest.raises(library.NotAllowed):
        library.approve(version, by=ben, now=NOON)
    with pytest.raises(library.NotAllowed):
        library.request_changes(version, by=ben, now=NOON, comment="?")


def test_whoever_wrote_a_part_of_the_words_does_not_decide_either(place, ben):
    carl = make_member(place.organization, Role.COMPLIANCE)
    version = library.draft(place.organization, by=ben, now=NOON, **WORDS)
    version = library.revise(version, by=carl, now=NOON, title_en="Opening times")
    version = library.submit(version, by=carl, now=NOON)

    with pytest.raises(library.NotAllowed):
        library.approve(version, by=ben, now=NOON)


def test_the_database_refuses_an_author_who_decides(ben):
    version = in_review(ben)

    with pytest.raises(IntegrityError):
        sql(
            "UPDATE responses_templateversion SET state = 'approved', decided_by_id = author_id, decided_at = now() WHERE id=%s",
            version.pk,
        )


@pytest.mark.parametrize("role", [Role.STAFF, Role.PHARMACIST, Role.MANAGER, Role.ADMIN, Role.AUDITOR, Role.PRIVACY])
def test_only_compliance_decides(ana, role):
    version = in_review(ana)
    other = make_member(ana.organization, role)

    with pytest.raises(library.NotAllowed):
        library.approve(version, by=other, now=NOON)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.PRIVACY])
def test_who_only_reads_does_not_draft(place, role):
    with pytest.raises(library.NotAllowed):
        library.draft(place.organization, by=make_member(place.organization, role), now=NOON, **WORDS)


# --- races ----------------------------------------------------------------------------------------------


def test_the_second_of_two_decisions_is_told_so(ana, ben):
    version = in_review(ana)
    carl = make_member(ana.organization, Role.COMPLIANCE)
    library.request_changes(version, by=carl, now=NOON, comment="Non")

    with pytest.raises(library.Conflict):
        library.approve(version, by=ben, now=NOON)
    assert not TemplateVersion.objects.usable(NOON).exists()


def test_a_decision_on_words_that_changed_since_they_were_shown_is_refused(ana, ben):
    version = in_review(ana)
    seen = version.stamp
    version = library.request_changes(version, by=ben, now=NOON, comment="Non")
    version = library.revise(
        version, by=ana, now=NOON, body_fr="Autre {first_name} {answer}", body_en="Other {first_name} {answer}"
    )
    version = library.submit(version, by=ana, now=NOON + HOUR)

    with pytest.raises(library.Conflict):
        library.approve(version, by=ben, now=NOON + HOUR, seen=seen)
    library.approve(version, by=ben, now=NOON + HOUR, seen=version.stamp)


def test_two_people_who_write_the_same_draft_do_not_overwrite_each_other(ana, ben):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS)
    seen = version.stamp
    library.revise(version, by=ben, now=NOON, seen=seen, title_en="Ben’s")

    with pytest.raises(library.Conflict):
        library.revise(version, by=ana, now=NOON, seen=seen, title_en="Ana’s")


def test_words_in_review_are_not_changed(ana):
    with pytest.raises(library.Conflict):
        library.revise(in_review(ana), by=ana, now=NOON, title_en="New")


def test_one_wording_at_a_time_is_on_its_way(ana, ben):
    first = library.approve(in_review(ana), by=ben, now=NOON)
    library.revise(first, by=ana, now=NOON, title_en="New")

    with pytest.raises(library.Conflict):
        library.revise(first, by=ben, now=NOON, title_en="Newer")


# --- what is not ready ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("body_en", {"body_en": " "}),
        ("title_en", {"title_en": ""}),
        ("body_fr", {"body_fr": "Bonjour {prenom}, {answer} {first_name}"}),
        ("body_en", {"body_en": "Hi {first_name}"}),
        ("body_fr", {"body_fr": "{first_name} {answer} TREM 5412 2816"}),
    ],
)
def test_words_that_are_not_ready_stay_a_draft_with_the_reason_at_the_field(ana, field, words):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS | words)

    with pytest.raises(ValidationError) as error:
        library.submit(version, by=ana, now=NOON)

    assert field in error.value.message_dict
    version.refresh_from_db()
    assert version.state == State.DRAFT


@pytest.mark.parametrize(
    ("letters", "platforms", "audience", "fits"),
    [
        (700, ["instagram"], "private", False),  # 1,000 bytes, and an answer of 200 letters takes 400
        (700, ["instagram"], "public", True),
        (700, ["facebook"], "private", True),
        (700, [], "both", True),
    ],
)
def test_words_too_long_for_a_platform_they_are_meant_for_are_not_ready(ana, letters, platforms, audience, fits):
    words = WORDS | {
        "platforms": platforms,
        "audience": audience,
        "body_fr": "Bonjour {first_name}, {answer} " + "a " * (letters // 2),
    }

    assert ("body_fr" not in readiness.problems(words, among=["facebook"])) is fits


def test_words_for_every_platform_need_fit_where_there_is_a_page_and_nowhere_else(ana, place):
    long = {"body_fr": "Bonjour {first_name}, {answer} " + "a " * 350, "audience": "private"}
    make_channel(make_location(), "instagram")
    parted = make_channel(place, "instagram", disconnected_at=NOON)
    in_review(ana, **long)

    Channel.objects.filter(pk=parted.pk).update(disconnected_at=None)

    with pytest.raises(ValidationError) as error:
        in_review(ana, **long)
    assert "Instagram" in str(error.value.message_dict["body_fr"])


def test_changes_are_asked_for_with_a_reason(ana, ben):
    with pytest.raises(ValidationError):
        library.request_changes(in_review(ana), by=ben, now=NOON, comment="  ")


def test_words_are_not_approved_until_a_day_that_is_past(ana, ben):
    with pytest.raises(ValidationError):
        library.approve(in_review(ana), by=ben, now=NOON, expires_on=NOON.date() - timedelta(days=1))


# --- the end of words -----------------------------------------------------------------------------------


def test_withdrawn_words_are_out_of_use_at_once_and_none_are_in_force(ana, ben):
    version = library.approve(in_review(ana), by=ben, now=NOON)

    library.withdraw(version, by=ben, now=NOON + MINUTE, comment="Numéro changé")

    assert not TemplateVersion.objects.usable(NOON + MINUTE).exists()
    assert Template.objects.get().in_force is None
    with pytest.raises(library.Conflict):
        library.withdraw(version, by=ben, now=NOON + MINUTE, comment="Encore")


def test_words_are_good_through_the_last_second_of_their_last_day_where_they_are_used(db):
    winnipeg = make_location(time_zone="America/Winnipeg")
    version = make_version(winnipeg.organization, expires_on=date(2026, 11, 23))
    midnight = NOON.replace(hour=6) + DAY  # of the 24th in Winnipeg
    second = timedelta(seconds=1)

    assert TemplateVersion.objects.usable(midnight - second).exists()
    assert library.expire_due(midnight - second) == 0
    assert not TemplateVersion.objects.usable(midnight).exists()
    assert library.expire_due(midnight) == 1
    assert library.expire_due(midnight) == 0

    version.refresh_from_db()
    assert (version.state, version.template.in_force) == (State.EXPIRED, None)
    assert AuditEntry.objects.get(action="template.expired").actor is None


def test_words_without_a_last_day_do_not_expire(db):
    make_version(make_organization())

    assert library.expire_due(NOON + 3650 * DAY) == 0


# --- words that do not answer yet ------------------------------------------------------------------------


def test_whether_words_hold_is_part_of_what_they_say_and_of_the_next_version(ana, ben):
    first = library.approve(in_review(ana, holds=True), by=ben, now=NOON)

    second = library.revise(first, by=ana, now=NOON, body_en="Hello {first_name}, {answer}")
    assert (first.holds, second.holds) == (True, True)

    before = second.stamp
    second = library.revise(second, by=ana, now=NOON, holds=False)
    assert not second.holds
    assert second.stamp != before, "whoever decides on it is told that it changed"
    detail = AuditEntry.objects.get(action="template.revised").detail
    assert (detail["before"]["holds"], detail["after"]["holds"]) == (True, False)


def test_what_moves_to_private_holds_whatever_was_ticked(ana):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS | {"topic": "move", "holds": False})
    assert version.holds

    assert library.revise(version, by=ana, now=NOON, holds=False).holds
    answering = library.revise(version, by=ana, now=NOON, topic="hours", holds=False)
    assert not answering.holds
    assert library.revise(answering, by=ana, now=NOON, topic="move").holds


def test_the_database_knows_no_move_that_answers(place):
    with pytest.raises(IntegrityError):
        make_version(place.organization, topic="move", holds=False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"body_fr": "Bonjour, votre message est bien reçu.", "body_en": "Hi, we have it."}, True),
        ({"body_fr": "Bonjour, on vous lit.", "body_en": "Hi, we will get back to you."}, True),
        ({"body_fr": "Merci! Écrivez-nous en privé.", "body_en": "Thanks!"}, True),
        ({"body_fr": "Merci! Écrivez-nous en privé.", "body_en": "Thanks!", "holds": True}, False),
        ({"body_fr": "Bien reçu! {answer}", "body_en": "Thanks! {answer}"}, False),
        ({"body_fr": "Bien reçu, appelez le 911.", "body_en": "Call 911.", "topic": "emergency"}, False),
        ({"body_fr": "Oui, on livre!", "body_en": "Yes, we deliver!"}, False),
    ],
)
def test_words_that_read_like_an_acknowledgement_and_are_to_end_a_wait_are_told(words, told):
    assert readiness.only_acknowledges(WORDS | {"holds": False} | words) is told


# --- what the database refuses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "body_fr = 'autre'",
        "body_en = 'other'",
        "title_fr = 'autre'",
        "title_en = 'other'",
        "topic = 'price'",
        "audience = 'public'",
        "platforms = '{facebook}'",
        "holds = true",
        "number = 7",
        "author_id = decided_by_id",
        "submitted_at = NULL",
        "expires_on = '2099-01-01'",
        "comment = 'altered'",
        "decided_at = now()",
        "state = 'draft'",
        "state = 'in_review'",
    ],
)
def test_nothing_of_an_approved_version_is_rewritten(place, change):
    version = make_version(place.organization)

    with pytest.raises(IntegrityError):
        sql(f"UPDATE responses_templateversion SET {change} WHERE id = %s", version.pk)


@pytest.mark.parametrize("state", ["in_review", "changes_requested", "approved", "withdrawn", "expired", "replaced"])
def test_what_was_submitted_cannot_be_deleted(place, state):
    version = make_version(place.organization, state=state)

    with pytest.raises(IntegrityError):
        sql("DELETE FROM responses_templateversion WHERE id = %s", version.pk)


def test_a_draft_may_be_changed_and_deleted(place):
    version = make_version(place.organization, state="draft")

    sql("UPDATE responses_templateversion SET body_fr = 'autre' WHERE id = %s", version.pk)
    sql("DELETE FROM responses_templateversion WHERE id = %s", version.pk)

    assert not TemplateVersion.objects.exists()


@pytest.mark.parametrize(
    ("before", "after"), [("draft", "approved"), ("withdrawn", "approved"), ("expired", "approved"), ("replaced", "approved")]
)
def test_no_state_is_skipped_nor_turned_back(place, before, after):
    version = make_version(place.organization, state=before)
    ben = make_member(place.organization, Role.COMPLIANCE)

    with pytest.raises(IntegrityError):
        sql(
            "UPDATE responses_templateversion SET state = %s, decided_by_id = %s, decided_at = now() WHERE id = %s",
            after,
            ben.pk,
            version.pk,
        )
