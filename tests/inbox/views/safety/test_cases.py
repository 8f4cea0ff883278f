import re

import pytest
from django.utils import timezone, translation

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import moderation
from inbox.models import Contact, MessageAction, SafetyCase
from inbox.platforms.base import Action
from inbox.screening.by_people import judging
from tests.factories import DAY, HOUR, MINUTE, make_case, make_channel, make_location, make_member, make_waiting
from tests.inbox.views.safety.conftest import WORDS

pytestmark = pytest.mark.django_db

KNOWN = {"reporter": "yes", "patient": "yes", "product": "ask", "reaction": "yes", "serious": "no"}


def counts(page: str) -> list[str]:
    return re.findall(r'<span class="count">([^<]+)</span>', page)


def test_the_view_shows_each_kind_with_its_count_and_one_of_them_alone(a_case, ana, sign_in):
    a_case("adverse_event"), a_case("product_quality"), a_case("product_quality", text="Le flacon est brisé")
    client = sign_in(ana)

    assert counts(client.get("/inbox/safety/").text) == ["3", "1", "2", "0", "0"]
    page = client.get("/inbox/safety/?type=product_quality").text
    assert "Le flacon est brisé" in page
    assert page.count("<tr>") == 1 + 2


def test_of_other_locations_and_organizations_nothing_is_seen(a_case, place, ana, outsider, sign_in):
    a_case(where=make_location(place.organization), text="Ailleurs")
    mine = a_case()

    page = sign_in(ana).get("/inbox/safety/").text
    assert "Ailleurs" not in page
    assert counts(page)[0] == "1"
    assert sign_in(outsider).get(f"/inbox/safety/{mine.pk}/").status_code == 404


def test_the_list_costs_as_many_queries_for_thirty_as_for_one(a_case, ana, sign_in, django_assert_max_num_queries):
    client = sign_in(ana)
    for _ in range(30):
        a_case()
    client.get("/inbox/safety/")
    with django_assert_max_num_queries(10):
        client.get("/inbox/safety/")


def test_one_page_follows_the_other_and_none_is_left_out(a_case, ana, sign_in):
    start = timezone.now() - DAY
    for n in range(51):
        a_case(at=start + n // 2 * MINUTE, text=f"plaques n{n}.")
    client, seen = sign_in(ana), []
    first = client.get("/inbox/safety/").text
    after = re.search(r"after=(\d+)", first)[1]
    for page in (first, client.get(f"/inbox/safety/?after={after}").text):
        seen += re.findall(r"plaques n(\d+)\.", page)
    assert seen == [str(n) for n in reversed(range(51))]


def test_what_a_person_took_off_leaves_the_view_and_can_still_be_read(a_case, pharmacist, sign_in):
    case = a_case()
    judging.remove(case.message.findings.get(), reason="nobody", note="", by=pharmacist, now=timezone.now())
    client = sign_in(pharmacist)

    assert counts(client.get("/inbox/safety/").text)[0] == "0"
    assert "it happened to nobody" in client.get(f"/inbox/safety/{case.pk}/").text


def test_the_criteria_are_saved_with_a_name_and_stay_in_the_trail(a_case, pharmacist, sign_in):
    case = a_case()
    page = sign_in(pharmacist).post(f"/inbox/safety/{case.pk}/check/", KNOWN, follow=True).text

    case.refresh_from_db()
    assert {name: getattr(case, name) for name in KNOWN} == KNOWN
    assert "Saved by Paul Exemple" in page
    entry = AuditEntry.objects.get(action="case.checked")
    assert (entry.actor, entry.detail["before"]["serious"], entry.detail["after"]["serious"]) == (pharmacist, "unknown", "no")


CUES = [["product", 10, 16], ["event", 32, 39], ["person", 23, 24]]  # of WORDS


def criteria(page: str) -> dict[str, str]:
    """What each criterion of the check-list says before anybody touches it."""
    page = page[page.index('id="criteria-title"') :]
    selects = re.findall(r'<select name="(\w+)".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'<option value="(\w+)" selected', page)
    return dict(zip(selects, chosen, strict=True))


def test_the_check_list_begins_with_what_the_message_says_and_nobody_confirmed(a_case, pharmacist, sign_in):
    case = a_case(cues=CUES)
    client = sign_in(pharmacist)
    page = client.get(f"/inbox/safety/{case.pk}/").text

    found = dict.fromkeys(("reporter", "patient", "product", "reaction"), "found")
    assert criteria(page) == {**found, "serious": "unknown"}
    for words in ("“pilule”", "“plaques”", "“j”"):
        assert f"Found in the message: {words}" in page
    assert "All four are known" not in page

    client.post(f"/inbox/safety/{case.pk}/check/", {**found, "serious": "unknown"})
    case.refresh_from_db()
    assert not case.valid, "saved as found, it is confirmed by nobody"
    assert "All four are known" not in client.get(f"/inbox/safety/{case.pk}/").text


def test_what_the_message_does_not_say_is_to_be_asked(a_case, pharmacist, sign_in):
    case = a_case(cues=[["product", 10, 16]])
    Contact.objects.update(name="")

    page = sign_in(pharmacist).get(f"/inbox/safety/{case.pk}/").text

    assert criteria(page) == {"reporter": "ask", "patient": "ask", "product": "found", "reaction": "ask", "serious": "unknown"}


def test_what_a_person_said_stands_whatever_the_message_says(a_case, pharmacist, sign_in):
    case = a_case(cues=CUES)
    client = sign_in(pharmacist)
    client.post(f"/inbox/safety/{case.pk}/check/", KNOWN)

    assert criteria(client.get(f"/inbox/safety/{case.pk}/").text) == KNOWN


def test_what_a_person_took_off_speaks_for_nothing(a_case, pharmacist, sign_in):
    case = a_case(cues=CUES)
    judging.remove(case.message.findings.get(), reason="nobody", note="", by=pharmacist, now=timezone.now())

    page = sign_in(pharmacist).get(f"/inbox/safety/{case.pk}/").text

    assert "Found in the message" not in page
    assert criteria(page)["product"] == "ask"


@pytest.mark.parametrize(
    ("kind", "criterion"),
    [
        ("products.any", "product"),
        ("devices.device", "product"),
        ("devices.failed", "reaction"),
        ("devices.number", None),
        ("quality.spoilt", "reaction"),
        ("medication_errors.anothers", "reaction"),
        ("link", None),
        ("taken", None),
    ],
)
def test_the_rules_of_each_kind_speak_for_one_criterion_or_none(a_case, pharmacist, sign_in, kind, criterion):
    page = sign_in(pharmacist).get(f"/inbox/safety/{a_case(cues=[[kind, 10, 16]]).pk}/").text

    told = {name for name, known in criteria(page).items() if known == "found"} - {"reporter"}
    assert told == ({criterion} if criterion else set())


def test_who_only_reads_and_the_summary_say_the_same(a_case, ana, sign_in):
    case, client = a_case(cues=CUES), sign_in(ana)

    for path in (f"/inbox/safety/{case.pk}/", f"/inbox/safety/{case.pk}/summary/"):
        page = client.get(path).text
        assert page.count("Found, to be confirmed") == 4
        assert "“pilule”" in page


def test_a_half_filled_or_made_up_answer_is_refused(a_case, pharmacist, sign_in):
    case, client = a_case(), sign_in(pharmacist)
    for wrong in ({**KNOWN, "serious": "maybe"}, {"reporter": "yes"}):
        assert client.post(f"/inbox/safety/{case.pk}/check/", wrong).status_code == 422
    case.refresh_from_db()
    assert case.checked_at is None


def test_what_was_refused_is_not_said_to_be_known(a_case, pharmacist, sign_in):
    all_four = dict.fromkeys(("reporter", "patient", "product", "reaction"), "yes")
    page = sign_in(pharmacist).post(f"/inbox/safety/{a_case().pk}/check/", {**all_four, "serious": "maybe"}).text
    assert "All four are known" not in page
    assert page.count("<dd>To ask") + page.count("<dd>Found, to be confirmed") == 4


def test_staff_read_the_check_list_and_do_not_judge(a_case, ana, sign_in):
    case, client = a_case(), sign_in(ana)
    assert "Not known yet" in client.get(f"/inbox/safety/{case.pk}/").text
    assert client.post(f"/inbox/safety/{case.pk}/check/", KNOWN).status_code == 403


def test_a_maker_sees_both_clocks_and_a_pharmacy_none(a_case, maker, pharmacist, sign_in):
    case = a_case("device_incident", at=timezone.now() - 3 * DAY)
    SafetyCase.objects.update(aware_at=timezone.now() - 3 * DAY)
    client, address = sign_in(pharmacist), f"/inbox/safety/{case.pk}/"
    assert 'data-state="overdue"' in client.get(address).text
    assert re.search(r"\d d( \d+ h)? left", client.get(address).text)

    SafetyCase.objects.update(duty=False)
    page = client.get(address).text
    assert "no duty to report" in page
    assert 'data-state="overdue"' not in page


def test_what_was_passed_on_late_says_so_and_runs_no_more(a_case, maker, pharmacist, sign_in):
    case = a_case()
    SafetyCase.objects.update(aware_at=timezone.now() - 25 * HOUR)
    client = sign_in(pharmacist)

    page = client.post(f"/inbox/safety/{case.pk}/forward/", follow=True).text
    assert "Paul Exemple passed it on" in page
    assert ">late<" in page
    assert 'data-state="overdue"' not in page
    client.post(f"/inbox/safety/{case.pk}/forward/")
    assert AuditEntry.objects.filter(action="case.forwarded").count() == 1


def test_the_summary_masks_for_who_did_not_unmask_and_says_what_is_needed(a_case, pharmacist, sign_in):
    case = a_case(text="Julie, 418 555-0199, la pilule bleue m’a donné des plaques", words="plaques")
    page = sign_in(pharmacist).get(f"/inbox/safety/{case.pk}/summary/").text

    assert "555-0199" not in page
    for needed in ("plaques", "TEST-1", "Julie Exemple", case.message.external_id, case.message.conversation.location.name):
        assert needed in page


def test_hiding_it_takes_a_reason_in_words(a_case, ana, sign_in):
    case = a_case()
    conversation = case.message.conversation
    address = f"/inbox/{conversation.pk}/messages/{case.message_id}/hide/"
    client = sign_in(ana)

    assert "say why it is taken out of sight" in client.post(address, {"reason": " "}, follow=True).text
    assert not MessageAction.objects.exists()
    client.post(address, {"reason": "Nomme une voisine"})
    assert MessageAction.objects.get().kind == "hide"
    assert AuditEntry.objects.get(action="message.hide").detail["reason"] == "Nomme une voisine"


def forms_to(page: str, address: str) -> list[str]:
    return [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{address}' in form]


@pytest.mark.parametrize(
    ("platform", "action", "count"), [("facebook", "hide", 1), ("wordpress", "reject", 2), ("youtube", "reject", 2)]
)
def test_each_button_that_takes_it_out_of_sight_has_a_place_for_the_reason(place, pharmacist, sign_in, platform, action, count):
    comment = make_waiting(make_channel(place, platform), at=timezone.now(), text=WORDS).messages.get()
    comment.moderation = "pending"
    comment.save(update_fields=["moderation"])
    make_case(comment)
    client = sign_in(make_member(place.organization, Role.MANAGER))

    forms = forms_to(
        client.get(comment.conversation.get_absolute_url()).text,
        f"/inbox/{comment.conversation_id}/messages/{comment.pk}/{action}/",
    )

    assert len(forms) == count
    ids = re.findall(r'<input id="([^"]+)" name="reason" required', "".join(forms))
    assert len(set(ids)) == count
    assert all(f'for="{each}"' in "".join(forms) for each in ids)


def test_what_tells_of_nothing_is_hidden_without_one(place, ana, sign_in):
    comment = make_waiting(make_channel(place), at=timezone.now()).messages.get()
    page = sign_in(ana).get(comment.conversation.get_absolute_url()).text

    [form] = forms_to(page, f"/inbox/{comment.conversation_id}/messages/{comment.pk}/hide/")
    assert 'name="reason"' not in form


def test_what_a_person_took_off_is_hidden_like_any_other(a_case, pharmacist):
    case = a_case()
    judging.remove(case.message.findings.get(), reason="nobody", note="", by=pharmacist, now=timezone.now())
    message = case.message
    moderation.ask(message.conversation, message, Action.HIDE, by=pharmacist, now=timezone.now())
    assert MessageAction.objects.exists()


def test_the_page_speaks_french(a_case, ana, sign_in):
    case = a_case()
    type(ana.user).objects.filter(pk=ana.user_id).update(language="fr")
    with translation.override("fr-ca"):
        page = sign_in(ana).get(f"/inbox/safety/{case.pk}/").text
    assert "Effet indésirable" in page or "effet indésirable" in page


def safety_link(page: str) -> str:
    return page[page.index('data-view="safety"') :].split("</li>")[0]


def test_the_side_of_the_inbox_leads_there_with_how_many_wait_for_somebody(a_case, place, ana, pharmacist, sign_in):
    cases = [a_case(), a_case("product_quality"), a_case(where=make_location(place.organization))]
    client = sign_in(ana)
    assert counts(safety_link(client.get("/inbox/").text)) == ["2"]

    sign_in(pharmacist).post(f"/inbox/safety/{cases[0].pk}/forward/")
    client.post(f"/inbox/safety/{cases[1].pk}/check/", KNOWN)
    assert counts(safety_link(sign_in(ana).get("/inbox/").text)) == ["0"]
    assert counts(client.get("/inbox/safety/").text)[0] == "2"


def test_who_owes_a_report_has_something_to_do_until_it_is_passed_on(a_case, maker, pharmacist, sign_in):
    case = a_case()
    client = sign_in(pharmacist)
    client.post(f"/inbox/safety/{case.pk}/check/", KNOWN)

    assert counts(safety_link(client.get("/inbox/").text)) == ["1"]
    assert "Pass it on" in client.get(f"/inbox/safety/{case.pk}/").text
