from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from accounts.access import public
from config import health
from inbox import receivers

urlpatterns = [
    path("", public(RedirectView.as_view(pattern_name="inbox:list")), name="home"),
    path("healthz/", health.healthz, name="healthz"),
    path("language/", public(set_language), name="set_language"),
    path("hooks/<slug:endpoint>/", receivers.receive, name="receive"),
    path("inbox/", include("inbox.urls")),
    path("channels/", include("inbox.channel_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("team/", include("accounts.urls")),
    path("", include("responses.urls")),
]
