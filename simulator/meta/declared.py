"""What Meta's two platforms declare to the simulator: their ids, webhooks, calls, faults and forms."""

import secrets

from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from simulator.meta import admin, endpoint, forms, insights, keys, registered, spoiling, subscriptions
from simulator.meta.facebook import calls as facebook_calls
from simulator.meta.facebook import events as facebook_events
from simulator.meta.facebook import nodes as facebook_nodes
from simulator.meta.graph import view
from simulator.meta.graph.batch import batch
from simulator.meta.instagram import calls as instagram_calls
from simulator.meta.instagram import events as instagram_events
from simulator.meta.instagram import nodes as instagram_nodes
from simulator.meta.login import dialogs, exchange, instagram, people
from simulator.meta.messenger import events as messenger_events
from simulator.meta.messenger import nodes as messenger_nodes
from simulator.meta.messenger import owners, sending
from simulator.platforms import Platform, number
from simulator.signing import stable_number

graph = csrf_exempt(view.graph)
VERSION = r"(?P<version>v\d+\.\d+)"

view.WITHOUT_TOKEN.update(exchange.WITHOUT_TOKEN | instagram.WITHOUT_TOKEN)
view.OF_THE_APP.update(exchange.WITH_TOKEN | people.OF_A_PERSON | subscriptions.OF_THE_APP)

URLS: list[URLPattern] = [
    path("oauth/authorize", csrf_exempt(dialogs.dialog), {"platform": "instagram"}),
    path("oauth/access_token", instagram.access_token),
    re_path(rf"^{VERSION}/dialog/oauth/?$", csrf_exempt(dialogs.dialog)),
    path("dialog/oauth", csrf_exempt(dialogs.dialog)),
    re_path(rf"^{VERSION}/?$", csrf_exempt(batch)),
    re_path(rf"^{VERSION}/(?P<path>.+)$", graph),
    *[path(name, graph, {"path": name}) for name in ("debug_token", "access_token", "refresh_access_token", "me")],
    *admin.URLS,
    *forms.URLS,
]

OF_BOTH = sending.ROUTES | messenger_nodes.ROUTES | owners.ROUTES | subscriptions.OF_A_PAGE | insights.ROUTES

# Names for what is a certain value of another fault.
NAMED = {
    "throttle_app": ("refuse_429", "4"),
    "throttle_user": ("refuse_429", "17"),
    "throttle_page": ("refuse_429", "32"),
    "throttle_custom": ("refuse_429", "613"),
    "throttle_pages": ("refuse_429", "80001:12"),
    "throttle_instagram": ("refuse_429", "80002:12"),
    "throttle_messenger": ("refuse_429", "80006:12"),
    "token_removed": ("token_dead", "458"),
    "token_checkpoint": ("token_dead", "459"),
    "token_password": ("token_dead", "460"),
    "token_expired": ("token_dead", "463"),
    "token_unconfirmed": ("token_dead", "464"),
    "token_invalid": ("token_dead", "467"),
    "token_role": ("token_dead", "492"),
    "unavailable": ("refuse", "551"),
    "already_replied": ("refuse", "10900"),
    "cannot_reply": ("refuse", "10903"),
    "gone": ("refuse", "100/33"),
    "posted_as_person": ("refuse", "1705"),
    "thread_owned": ("refuse", "10/2018300"),
    "blocked": ("refuse", "368"),
    "slow_30": ("slow", "30000"),
}


def seed() -> None:
    keys.seed()
    subscriptions.seed()


FACEBOOK = Platform(
    slug="facebook",
    label="Facebook",
    endpoint=endpoint.ENDPOINT,
    object="page",
    person_id=lambda page, name: stable_number(page.external_id, name),
    post_ids=lambda page: (f"{page.external_id}_{number(15)}", ""),
    comment_id=lambda post: f"{post.external_id.rpartition('_')[2]}_{number(15)}",
    comment_event=facebook_events.comment_event,
    reaction_event=facebook_events.reaction_event,
    post_event=facebook_events.post_event,
    review_event=facebook_events.review_event,
    message_event=messenger_events.message_event,
    reviews_are_posts=True,
    wants=subscriptions.wants,
    spoil=spoiling.spoil,
    routes=facebook_calls.ROUTES | OF_BOTH,
    nodes=messenger_nodes.NODES | {"page": facebook_nodes.PAGE, "post": facebook_nodes.POST, "comment": facebook_nodes.COMMENT},
    urls=URLS,
    panels=("simulator/meta/facebook.html", "simulator/meta/keys.html"),
    options={
        "strict_subscriptions": True,  # nothing comes that the app did not ask for; False: everything comes
        "require_proof": False,  # whether every call must carry appsecret_proof
        "graph_empty_pages": False,  # between two pages of a list an empty one, which has a `next` all the same
        "profile_access": True,  # whether the app may know who people are on Facebook
        "human_agent": True,  # whether the app may use the tag of seven days
        "facebook_depth": "reparent",  # what an answer to an answer becomes; or "refuse" (1705)
        "receipts": "",  # what follows our own messages by itself: "delivered", or "read" as well
        "native_takes_thread": False,  # whether an answer in the platform's own inbox takes the thread from us
        "media_seconds": 3 * 86400,  # how long the address of a file lasts
    },
    faults=spoiling.FAULTS | {"takeover": "Meta : une autre application prend le fil au message suivant"},
    named_faults=NAMED,
    signatures=spoiling.SIGNATURES,
    shapes=spoiling.SHAPES,
    written=owners.written,
    seed=seed,
    forget=registered.forget,
    welcome=subscriptions.welcome,
)

INSTAGRAM = Platform(
    slug="instagram",
    label="Instagram",
    endpoint=endpoint.ENDPOINT,
    object="instagram",
    person_id=lambda page, name: stable_number(page.external_id, name),
    post_ids=lambda page: (number(17, "179"), ""),
    comment_id=lambda post: number(17, "180"),
    message_id=lambda: "aWdf" + secrets.token_urlsafe(36),
    comment_event=instagram_events.comment_event,
    post_event=instagram_events.post_event,
    message_event=messenger_events.message_event,
    wants=subscriptions.wants,
    spoil=spoiling.spoil,
    people="usernames",
    routes=instagram_calls.ROUTES | OF_BOTH,
    nodes=messenger_nodes.NODES
    | {"page": instagram_nodes.ACCOUNT, "post": instagram_nodes.MEDIA_NODE, "comment": instagram_nodes.COMMENT},
    panels=("simulator/meta/instagram.html", "simulator/meta/keys.html"),
    options={
        "instagram_flat": False,  # comments as entry[].field/value instead of entry[].changes[]
        "instagram_code_answer": "seen",  # what a code is exchanged for: flat as it is seen, or "documented" in a list
    },
    signatures=spoiling.SIGNATURES,
    shapes=spoiling.SHAPES,
    written=owners.written,
    welcome=subscriptions.welcome,
)
