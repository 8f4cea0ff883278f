from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve

from simulator import platforms
from simulator.meta.graph.batch import batch
from simulator.web import media, pages


def root(request: HttpRequest) -> HttpResponse:
    """A POST to the root is a batch of Graph's."""
    return batch(request) if request.method == "POST" else pages.home(request)


urlpatterns = [
    path("", csrf_exempt(root), name="home"),
    path("pages/<int:pk>/", pages.page, name="page"),
    path("pages/<int:pk>/comment/", pages.comment, name="comment"),
    path("pages/<int:pk>/message/", pages.message, name="message"),
    path("threads/<int:pk>/", pages.thread, name="thread"),
    path("comments/<int:pk>/<str:verb>/", pages.change_comment, name="change-comment"),
    path("messages/<int:pk>/", pages.messages, name="messages"),
    path("deliveries/", pages.delivery_list, name="deliveries"),
    path("deliveries/<str:what>/", pages.push, name="push"),
    path("trickle/", pages.trickle_switch, name="trickle"),
    path("faults/", pages.turn_on_fault, name="faults"),
    path("faults/clear/", pages.clear_faults, name="clear-faults"),
    path("handshake/", pages.handshake, name="handshake"),
    path("assets/<path:path>", serve, {"document_root": settings.HERE / "static"}, name="asset"),
    path("media/<str:name>", media.serve),
    path("_sim/", include("simulator.admin.urls")),
    *platforms.urls(),
]
