"""Who is told what becomes of words: in the app, and by mail, once each."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from inbox.models import Notice
from inbox.news import mails
from responses import library
from responses.texts import telling
from tests.factories import DAY, HOUR, MINUTE, NOON, make_location, make_member, make_version
from tests.test_planted import ALL, PLANTED, found_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LAST_DAY = date(2027, 3, 31)
MIDDAY = datetime(2027, 3, 31, 16, 0, tzinfo=UTC)  # of the last day, where it ends
WORDS = {
    "title_fr": "Livraison",
    "title_en": "Delivery",
    "topic": "delivery",
    "audience": "both",
    "platforms": [],
    "body_fr": "Bonjour {first_name}, {answer} Au plaisir!",
    "body_en": "Hi {first_name}, {answer} See you soon!",
}


def said(member):
    return list(Notice.objects.filter(membership=member).order_by("pk").values_list("kind", flat=True))


def mailed(mailoutbox, member):
    return [mail for mail in mailoutbox if mail.to == [member.user.email]]


# --- before words expire ----------------------------------------------------------------------------------


@pytest.fixture
def version(place, ana, ben):
    return make_version(place.organization, author=ana, decider=ben, expires_on=LAST_DAY)


def look(days, *, hours=0):
    """So many days before the last one."""
    return telling.expiring(now=MIDDAY - timedelta(days=days, hours=hours))


@pytest.mark.parametrize("days", [30, 7, 1])
def test_at_each_distance_compliance_and_the_author_are_told_once(version, ana, ben, days):
    look(days + 1)
    Notice.objects.all().delete()  # of the distances before

    assert look(days) == 1
    assert (look(days), look(days, hours=-3)) == (0, 0)
    assert said(ana) == said(ben) == ["words_expiring"]


def test_on_the_day_before_each_distance_nobody_hears_of_it(version):
    assert [look(days) for days in (31, 30, 8, 7, 2, 1, 0)] == [0, 1, 0, 1, 0, 1, 0]


def test_after_days_of_silence_there_is_one_notice_and_not_three(version, ana):
    assert (look(0), look(0)) == (1, 0)

    assert said(ana) == ["words_expiring"]


def test_nobody_is_told_what_they_knew_when_they_approved(place, ana, ben):
    approved = MIDDAY - 30 * DAY  # on the very day of the first distance
    make_version(place.organization, author=ana, decider=ben, expires_on=LAST_DAY, decided_at=approved)
    make_version(place.organization, author=ana, decider=ben, expires_on=LAST_DAY, decided_at=approved - DAY)

    assert (look(30), look(29), look(7)) == (1, 0, 2)


def test_where_the_second_language_fails_all_are_told_at_the_next_look(version, place, ana, ben):
    luc = make_member(place.organization, Role.COMPLIANCE, language="fr-ca")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inbox_notice ADD CONSTRAINT failing CHECK (title <> 'Heures d’ouverture')")
        with pytest.raises(IntegrityError):
            look(7)
        cursor.execute("ALTER TABLE inbox_notice DROP CONSTRAINT failing")

    assert look(7) == 1
    assert said(ana) == said(ben) == said(luc) == ["words_expiring"]


def test_what_was_told_is_found_without_reading_every_notice(version):
    with CaptureQueriesContext(connection) as asked:
        look(7)
    [query] = [each["sql"] for each in asked if each["sql"].startswith('SELECT "inbox_notice"')]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "notice_elsewhere" in plan


def test_what_may_no_longer_be_sent_is_not_spoken_of(place):
    for state in ("draft", "in_review", "withdrawn", "expired", "replaced"):
        make_version(place.organization, state=state, expires_on=LAST_DAY)
    make_version(place.organization, expires_on=None)
    make_version(place.organization, expires_on=LAST_DAY - 100 * DAY)

    assert look(1) == 0


def test_a_day_begins_where_the_organization_is(place, version):
    before_midnight = datetime(2027, 3, 1, 4, 30, tzinfo=UTC)  # 23:30 in Montréal, on the last day of February

    assert telling.expiring(now=before_midnight) == 0
    assert telling.expiring(now=before_midnight + HOUR) == 1


def test_who_is_gone_and_who_is_elsewhere_is_told_nothing(version, ana, ben, outsider):
    elsewhere = make_member(outsider.organization, Role.COMPLIANCE)
    gone = make_member(ana.organization, Role.COMPLIANCE, locations=None)
    gone.ended_at = NOON
    gone.save(update_fields=["ended_at"])

    look(7)

    assert said(elsewhere) == said(gone) == said(outsider) == []


def test_all_that_expire_come_in_one_mail_of_the_morning(version, place, ana, ben, mailoutbox):
    make_version(place.organization, author=ana, decider=ben, expires_on=LAST_DAY, title_en="Parking", title_fr="Stationnement")
    midnight = datetime(2027, 3, 24, 4, 5, tzinfo=UTC)  # 00:05 in Montréal
    telling.expiring(now=midnight)

    assert mails.send_due(now=midnight + HOUR) == 0
    morning = midnight.replace(hour=11, minute=0)
    assert mails.send_due(now=morning) == 2
    assert mails.send_due(now=morning + HOUR) == 0

    [mail] = mailed(mailoutbox, ben)
    assert mail.subject == "2 approved templates expire soon"
    assert "2 approved templates expire soon" in mail.body
    for words in ("Opening hours", "Parking", "2027-03-31", f"/templates/{version.template_id}/?version=1"):
        assert mail.body.count(words) == (2 if words == "2027-03-31" else 1)
    assert "Write a new version" in mail.body


def test_one_mail_holds_all_of_a_person_however_much_it_is(version, place, ana, ben, mailoutbox, monkeypatch):
    monkeypatch.setattr(mails, "AT_ONCE", 1)
    make_version(place.organization, author=ana, decider=ben, expires_on=LAST_DAY)
    look(7)

    while mails.send_due(now=MIDDAY):
        pass

    assert len(mailed(mailoutbox, ana)) == len(mailed(mailoutbox, ben)) == 1


def test_words_that_were_replaced_in_time_are_spoken_of_no_more(version, ana, ben, mailoutbox):
    look(7)
    now = MIDDAY - 7 * DAY
    following = library.revise(version, by=ana, now=now)
    library.approve(library.submit(following, by=ana, now=now), by=ben, now=now)

    assert not Notice.objects.filter(kind="words_expiring", read_at=None).exists()
    mails.send_due(now=MIDDAY)
    assert not [mail for mail in mailoutbox if "expire" in mail.subject]


# --- decisions --------------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(ana):
    version = library.draft(ana.organization, by=ana, now=NOON, **WORDS)
    return library.submit(version, by=ana, now=NOON)


def test_whoever_may_decide_is_told_that_words_wait_and_their_author_is_not(ben, place, mailoutbox):
    cleo, staff = make_member(place.organization, Role.COMPLIANCE), make_member(place.organization)
    dora = make_member(place.organization, Role.COMPLIANCE)
    version = library.draft(ben.organization, by=ben, now=NOON, **WORDS)
    version = library.revise(version, by=cleo, now=NOON, title_en="Home delivery")

    library.submit(version, by=cleo, now=NOON)

    assert (said(ben), said(cleo), said(dora), said(staff)) == ([], [], ["words_submitted"], [])
    mails.send_due(now=NOON + HOUR)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([dora.user.email], "A template waits for your decision: Home delivery")
    assert f"Handed in by {cleo}." in mail.body


def test_what_is_handed_in_one_after_the_other_comes_in_one_mail(ana, ben, mailoutbox):
    for minutes in (0, 1, 14):
        version = library.draft(ana.organization, by=ana, now=NOON, **WORDS)
        library.submit(version, by=ana, now=NOON + minutes * MINUTE)

    assert mails.send_due(now=NOON + 14 * MINUTE) == 0
    assert mails.send_due(now=NOON + 15 * MINUTE) == 1
    assert len(mailed(mailoutbox, ben)) == 1


def test_the_author_is_told_of_a_request_in_its_words(ben, handed_in, ana, mailoutbox):
    library.request_changes(handed_in, by=ben, now=NOON + MINUTE, comment="Plus court, s’il te plaît.")

    assert said(ana) == ["words_changes"]
    mails.send_due(now=NOON + HOUR)
    [mail] = mailoutbox  # that it waits for a decision is told to nobody any more
    assert mail.to == [ana.user.email]
    assert mail.subject == "Changes are asked for in your template: Delivery"
    assert "Ben Exemple: “Plus court, s’il te plaît.”" in mail.body


def test_the_author_reads_in_the_app_that_words_are_approved(handed_in, ana, ben, mailoutbox):
    library.approve(handed_in, by=ben, now=NOON + MINUTE, expires_on=LAST_DAY)

    assert said(ana) == ["words_approved"]
    assert Notice.objects.get(membership=ana).words == "It may be sent until 2027-03-31."
    assert mails.send_due(now=NOON + HOUR) == 0


def test_the_author_is_told_that_words_were_withdrawn_and_why(place, ana, ben, mailoutbox):
    version = make_version(place.organization, author=ana)

    library.withdraw(version, by=ben, now=NOON, comment="L’horaire a changé")

    mails.send_due(now=NOON + HOUR)
    [mail] = mailoutbox
    assert mail.to == [ana.user.email]
    assert "L’horaire a changé" in mail.body


def test_nobody_is_told_what_they_did_themselves(place, ben):
    library.withdraw(make_version(place.organization, author=ben), by=ben, now=NOON, comment="Passé")

    assert said(ben) == []


def test_each_round_is_told_anew_and_the_one_before_is_read(ben, handed_in, ana):
    library.request_changes(handed_in, by=ben, now=NOON + MINUTE, comment="Plus court")
    version = library.revise(handed_in, by=ana, now=NOON + MINUTE, title_en="Home delivery")
    library.submit(version, by=ana, now=NOON + HOUR)

    assert said(ben) == ["words_submitted", "words_submitted"]
    assert list(Notice.objects.filter(read_at=None).values_list("membership", flat=True)) == [ben.pk]


def test_each_reads_it_in_their_language(handed_in, ana, place, mailoutbox):
    luc = make_member(place.organization, Role.COMPLIANCE, language="fr-ca")

    library.request_changes(handed_in, by=luc, now=NOON + MINUTE, comment="Non")
    version = library.revise(handed_in, by=ana, now=NOON, title_en="Home delivery")
    library.submit(version, by=ana, now=NOON + MINUTE)

    assert Notice.objects.filter(membership=luc).last().title == "Livraison"
    mails.send_due(now=NOON + HOUR)
    [mail] = mailed(mailoutbox, luc)
    assert mail.subject.startswith("Un modèle attend votre décision")


@pytest.mark.parametrize("kind", sorted(set(PLANTED) - {"postal_code"}))
def test_no_identifier_that_somebody_typed_leaves_by_mail(handed_in, ben, mailoutbox, kind):

    library.request_changes(handed_in, by=ben, now=NOON + MINUTE, comment=ALL)
    mails.send_due(now=NOON + HOUR)

    assert kind not in found_in(mailoutbox[0].body)


def test_of_another_organization_nobody_hears(handed_in, outsider):
    other = make_member(make_location().organization, Role.COMPLIANCE)

    assert said(other) == said(outsider) == []
