from django.urls import include, path
from django.views.generic import RedirectView

from accounts.access import public
from accounts.views.me import set_language
from config import health
from inbox import receivers
from inbox.views import callbacks

urlpatterns = [
    path("", public(RedirectView.as_view(pattern_name="inbox:list")), name="home"),
    path("healthz/", health.healthz, name="healthz"),
    path("healthz/parts/", health.parts, name="healthz_parts"),
    path("language/", set_language, name="set_language"),
    path("hooks/<slug:family>/", receivers.receive, name="receive"),
    path("hooks/<slug:family>/<slug:channel_id>/", receivers.receive, name="receive_for"),
    path("callbacks/meta/<slug:what>/", callbacks.meta, name="meta_callback"),
    path("deletion/<slug:code>/", callbacks.status, name="erasure"),
    path("inbox/", include("inbox.urls")),
    path("channels/", include("inbox.views.connected.urls")),
    path("templates/topics/", include("inbox.views.topics.urls")),
    path("findings/", include("inbox.views.safety.urls")),
    path("accounts/", include("accounts.sign_in.urls")),
    path("team/", include("accounts.urls")),
    path("", include("responses.urls")),
]
