"""eventSubscriptions: an app asks, for a member and an organization, to be told; the receiver proves itself on the spot."""

import re
import uuid
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from simulator import environment, options, signing, wire
from simulator.linkedin import members
from simulator.linkedin.members import TYPE, Subscription
from simulator.linkedin.rest import Call, RestError, answer, denied, not_found, rest_call
from simulator.models import Delivery
from simulator.platforms import Endpoint, Regime
from simulator.webhooks import handshakes
from simulator.wire import Json

SECRETS = environment.secrets_of("LINKEDIN_CLIENT_SECRET", default="dev-linkedin-client-secret")
KEY = re.compile(
    r"developerApplication:(urn:li:developerApplication:\w+),user:(urn:li:person:[\w-]+),"
    r"entity:(urn:li:organization:\w+),eventType:(\w+)"
)


# --- the receiver --------------------------------------------------------------------------------


def challenge(url: str) -> str:
    code = str(uuid.uuid4())
    answered = handshakes.ask(url, {"challengeCode": code})
    if answered.status_code != 200:
        return f"refusée : HTTP {answered.status_code}"
    if not answered.headers.get("Content-Type", "").startswith("application/json"):
        return "refusée : la réponse n’est pas du JSON"
    expected = {"challengeCode": code, "challengeResponse": signing.challenge_response(SECRETS[0], code)}
    return "" if answered.json() == expected else "refusée : la preuve n’est pas exacte"


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    secret = SECRETS[0] if delivery.signature != "bad" else "another secret"
    bare = "bare" in (delivery.signature, options.get("linkedin_signature"))
    return (signing.linkedin_bare if bare else signing.linkedin)(secret, body)


def address(delivery: Delivery) -> str:
    told = delivery.items[0] if delivery.items else {}
    return members.webhook_of(told["subscriber"], told["organizationalEntity"]) if told else ""


ENDPOINT = Endpoint(
    name="linkedin",
    path="/hooks/linkedin/",
    body=lambda delivery: wire.dumps({"type": delivery.object, "notifications": delivery.items}).encode(),
    sign=sign,
    regime=lambda delivery: Regime((300.0,) * 96),  # every five minutes for eight hours
    most=10,
    takes=lambda status: 200 <= status < 300,
    challenge=challenge,
    challenge_every=timedelta(hours=2),
    blocked_after=3,
    address=address,
)


@csrf_exempt
@require_POST
def revalidate(request: HttpRequest) -> HttpResponse:
    """/v2/developerWebhooks?action=revalidateWebhook, as the button in the portal."""
    if request.GET.get("action") != "revalidateWebhook":
        return HttpResponse(status=400)
    base = str(options.get("webhook_base")).rstrip("/")
    return HttpResponse(status=200 if handshakes.greet(ENDPOINT, base + ENDPOINT.path) else 400)


# --- the calls -----------------------------------------------------------------------------------


def _asked(call: Call, key: str) -> Subscription:
    match = KEY.fullmatch(key)
    if match is None:
        raise RestError(400, "ILLEGAL_ARGUMENT", "The key is (developerApplication:…,user:…,entity:…,eventType:…)")
    app, user, entity, kind = match.groups()
    if kind != TYPE:
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", f"{kind} is not an event type")
    if user != call.member:
        raise denied("A member subscribes for nobody else")
    page = call.organization(entity, ("ADMINISTRATOR",))
    return Subscription(app, user, page, "", members.lasts())


def _show(subscription: Subscription) -> Json:
    base = str(options.get("webhook_base")).rstrip("/")
    return {
        "webhook": subscription.webhook or base + ENDPOINT.path,
        "expiresAt": subscription.expires_at,
        "developerApplication": subscription.app,
        "user": subscription.member,
        "entity": subscription.page.external_id,
        "eventType": TYPE,
    }


@rest_call
def single(call: Call, *, key: str) -> HttpResponse:
    call.needs("admin")
    asked = _asked(call, key)
    if call.request.method == "PUT":
        return _put(call, asked)
    kept = next((each for each in members.subscriptions(asked.page) if each.member == asked.member and each.lives), None)
    if kept is None:
        raise not_found("the event subscription")
    if call.request.method == "DELETE":
        members.unsubscribe(kept)
        return HttpResponse(status=204)
    return answer(_show(kept))


def _put(call: Call, asked: Subscription) -> HttpResponse:
    webhook = str(call.body().get("webhook") or "")
    if not webhook:
        raise RestError(400, "MISSING_FIELD", "Field webhook is required")
    if "ngrok" in webhook or not (webhook.startswith("https://") or options.get("linkedin_http_allowed")):
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", "webhook must be an https address")
    if problem := handshakes.attempt(lambda: challenge(webhook)):
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", f"webhook could not be validated: {problem}")
    created = members.subscribe(Subscription(asked.app, asked.member, asked.page, webhook, members.lasts()))
    return HttpResponse(status=201 if created else 204)


@rest_call
def collection(call: Call) -> HttpResponse:
    call.needs("admin")
    if call.required("q") != "subscriberAndEventType" or call.required("eventType") != TYPE:
        raise RestError(400, "ILLEGAL_ARGUMENT", "q must be subscriberAndEventType, with an eventType")
    kept = [each for page in members.managed(call.member) for each in members.subscriptions(page)]
    return call.paged([_show(each) for each in kept if each.member == call.member and each.lives])
