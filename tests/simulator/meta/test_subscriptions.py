"""Nothing comes that was not asked for: by the app for a kind of object, and then for each page."""

import pytest

from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, MOULIN, error, graph
from tests.simulator.meta.logging_in import APP, APP_TOKEN, call


def subscribe_app(sim, url, **changed):
    given = {
        "object": "page",
        "callback_url": url,
        "fields": "feed,messages",
        "verify_token": "dev-verify-token",
        "include_values": "true",
        "access_token": APP_TOKEN,
    }
    return call(sim, "POST", f"v26.0/{APP}/subscriptions", **given | changed)


def subscribe_page(sim, fields, page=FACEBOOK, token=FACEBOOK_TOKEN):
    return graph(sim, "POST", f"{page}/subscribed_apps", token, data={"subscribed_fields": fields})


def test_registering_makes_the_receiver_prove_itself_and_its_webhooks_go_there(fresh, sink, drained):
    fresh.configure(webhook_base="http://127.0.0.1:9")
    assert subscribe_app(fresh, f"{sink.url}/elsewhere/").json() == {"success": True}
    fresh.comment(FACEBOOK, "Bonjour")
    drained()

    assert sink.asked_by_meta()[0]["hub.verify_token"] == "dev-verify-token"
    assert [each.path for each in sink.received] == ["/elsewhere/"]
    [page] = [each for each in app_subscriptions(fresh) if each["object"] == "page"]
    assert page["callback_url"] == f"{sink.url}/elsewhere/"
    assert [field["name"] for field in page["fields"]] == ["feed", "messages"]


def app_subscriptions(sim):
    return call(sim, "GET", f"v26.0/{APP}/subscriptions", access_token=APP_TOKEN).json()["data"]


def test_a_receiver_that_echoes_wrongly_or_not_at_all_is_not_registered(fresh, sink):
    sink.honest = False
    before = app_subscriptions(fresh)

    assert error(subscribe_app(fresh, f"{sink.url}/x/")) == (2200, None)
    assert error(subscribe_app(fresh, "http://127.0.0.1:9/x/")) == (2200, None)
    assert error(subscribe_app(fresh, f"{sink.url}/x/", access_token=FACEBOOK_TOKEN)) == (15, None)
    assert app_subscriptions(fresh) == before


def test_a_page_hears_only_of_the_fields_it_asked_for(fresh, sink, drained):
    assert subscribe_page(fresh, "messages").json() == {"success": True}

    fresh.comment(FACEBOOK, "Pas demandé")
    fresh.message(FACEBOOK, "Demandé")
    fresh.native_message(FACEBOOK, "Écho, pas demandé")
    fresh.comment(MOULIN, "Autre page")
    drained()

    assert [item["message"]["text"] for item in sink.items()] == ["Demandé"]
    assert [value["message"] for value in sink.values()] == ["Autre page"]


def test_an_unsubscribed_page_is_silent_and_its_health_shows_it(fresh, sink, drained):
    [app] = graph(fresh, "GET", f"{FACEBOOK}/subscribed_apps").json()["data"]
    assert app["id"] == APP
    assert {"feed", "messages", "ratings"} <= set(app["subscribed_fields"])

    assert graph(fresh, "DELETE", f"{FACEBOOK}/subscribed_apps").json() == {"success": True}
    fresh.comment(FACEBOOK, "Silence")
    drained()

    assert graph(fresh, "GET", f"{FACEBOOK}/subscribed_apps").json() == {"data": []}
    assert sink.received == []
    fresh.configure(strict_subscriptions=False)
    fresh.comment(FACEBOOK, "Tout de même")
    drained()
    assert [value["message"] for value in sink.values()] == ["Tout de même"]


def test_an_app_that_takes_its_subscription_back_hears_of_no_page(fresh, sink, drained):
    call(fresh, "DELETE", f"v26.0/{APP}/subscriptions", object="page", access_token=APP_TOKEN)
    fresh.comment(FACEBOOK, "Silence")
    fresh.comment(INSTAGRAM, "Instagram parle")
    drained()

    assert [each.json["object"] for each in sink.received] == ["instagram"]


def test_an_unknown_field_is_refused_with_those_there_are(fresh):
    refused = subscribe_page(fresh, "feed,telepathy")

    assert error(refused) == (100, None)
    assert "telepathy" in refused.json()["error"]["message"]
    assert error(subscribe_page(fresh, "")) == (100, None)


@pytest.mark.parametrize(
    ("field", "act"),
    [
        ("message_edits", lambda sim, mid: sim.edit_message(mid, "Corrigé")),
        ("message_reactions", lambda sim, mid: sim.react_to_message(mid)),
        ("messaging_postbacks", lambda sim, mid: sim.postback(FACEBOOK, "Horaires")),
        ("messaging_referral", lambda sim, mid: sim.referral(FACEBOOK, {"ref": "a", "source": "ADS", "type": "OPEN_THREAD"})),
        ("message_reads", lambda sim, mid: sim.seen(FACEBOOK)),
        ("message_deliveries", lambda sim, mid: sim.delivered(FACEBOOK)),
        ("messaging_handover", lambda sim, mid: sim.pass_thread(FACEBOOK)),
        ("mention", lambda sim, mid: mention(sim)),
        ("ratings", lambda sim, mid: sim.review(FACEBOOK, "Bien", recommends=True)),
    ],
)
def test_each_happening_belongs_to_a_field(fresh, sink, drained, field, act):
    mid = fresh.message(FACEBOOK, "Bonjour")["id"]
    drained()
    sink.clear()

    subscribe_page(fresh, "conversations")
    act(fresh, mid)
    drained()
    assert sink.received == []
    subscribe_page(fresh, field)
    act(fresh, mid)
    drained()
    assert len(sink.received) == 1


def mention(sim):
    post = sim.publish(FACEBOOK, "Ailleurs", author="Marc Fictif", kind="mention", silent=True)["id"]
    return sim.comment(FACEBOOK, "Bravo", post=post)


def test_instagram_login_subscribes_its_own_account(fresh, sink, drained):
    assert subscribe_page(fresh, "comments", "me", INSTAGRAM_TOKEN).json() == {"success": True}
    fresh.message(INSTAGRAM, "Pas demandé")
    fresh.comment(INSTAGRAM, "Demandé")
    drained()

    assert [value["text"] for value in sink.values()] == ["Demandé"]
    assert sink.items() == []


def test_without_values_only_the_names_of_what_changed_are_told(fresh, sink, drained):
    subscribe_app(fresh, f"{sink.url}/hooks/meta/", include_values="false")
    fresh.comment(FACEBOOK, "Bonjour")
    drained()

    [entry] = sink.received[0].json["entry"]
    assert entry["changed_fields"] == ["feed"]
    assert "changes" not in entry


def test_a_page_made_by_a_test_is_subscribed_unless_it_says_otherwise(fresh, sink, drained):
    fresh.create_page("facebook", "555", name="Nouvelle", token="t-555", extra={"subscribed": False})
    fresh.comment("555", "Silence")
    assert graph(fresh, "GET", "555/subscribed_apps", "t-555").json() == {"data": []}
    subscribe_page(fresh, "feed", "555", "t-555")
    fresh.comment("555", "Enfin")
    drained()

    assert [value["message"] for value in sink.values()] == ["Enfin"]


def test_a_withdrawn_permission_is_told_to_the_app_and_missing_from_then_on(fresh, sink, drained):
    assert fresh.withdraw("pages_messaging", page=FACEBOOK) == [FACEBOOK]
    drained()

    [received] = sink.received
    [entry] = received.json["entry"]
    assert received.json["object"] == "permissions"
    assert entry["changes"] == [{"field": "pages_messaging", "value": {"verb": "revoked", "target_ids": [FACEBOOK]}}]
    assert error(graph(fresh, "GET", f"{FACEBOOK}/conversations")) == (10, None)


def test_a_permission_that_lapses_unused_is_not_told(fresh, sink, drained):
    fresh.withdraw("pages_messaging", page=FACEBOOK, silently=True)
    drained()

    assert sink.received == []
    assert error(graph(fresh, "GET", f"{FACEBOOK}/conversations")) == (10, None)
