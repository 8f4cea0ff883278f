"""The floor of `ingest`: a bare Django view that verifies the same signature and inserts the same row. No middleware, no apps."""

import hashlib
import hmac
import os
from datetime import UTC, datetime

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.settings import DATABASES

settings.configure(
    DATABASES=DATABASES,
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[],
    SECRET_KEY="floor",
    USE_TZ=True,
    DATA_UPLOAD_MAX_MEMORY_SIZE=3 * 1024 * 1024,
)
django.setup()

SECRET = os.environ["META_APP_SECRET"].encode()
INSERT = """
    INSERT INTO inbox_delivery (endpoint, digest, body, signed_by, received_at, try_at, attempts, outcome, error)
    VALUES ('floor', %s, %s, 'sha256', %s, %s, 0, '', '') ON CONFLICT (endpoint, digest) DO NOTHING
"""


def receive(request: HttpRequest) -> HttpResponse:
    body = request.body
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Hub-Signature-256", "")):
        return HttpResponse(status=403)
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [hashlib.sha256(body).digest(), body, now, now])
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [path("floor/", receive), path("healthz/", lambda request: HttpResponse("ok"))]
application = get_wsgi_application()
