from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import public
from inbox.running import processes


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the runner and the proxy: this process answers, and PostgreSQL answers it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """For a monitor: 503 while another part stands still. Not for the proxy, which would then turn webhooks away."""
    still = processes.standing_still(now=timezone.now())
    lines = [
        f"{pulse.name}: last seen {pulse.at:%Y-%m-%dT%H:%M:%SZ}" if pulse.at else f"{pulse.name}: never seen" for pulse in still
    ]
    return HttpResponse("\n".join(lines) or "ok", content_type="text/plain", status=503 if still else 200)
