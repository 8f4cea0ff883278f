"""What Meta POSTs to an app when a person takes their leave: a form with a single field, signed with the app's secret."""

import base64
import hashlib
import hmac
import json

import requests

from simulator import options
from simulator.meta import endpoint, keys
from simulator.wire import Json, seconds


def signed_request(user_id: str = keys.MANAGER, *, secret: str = endpoint.APP_SECRETS[0], algorithm: str = "HMAC-SHA256") -> str:
    told = {"algorithm": algorithm, "issued_at": seconds(options.now()), "expires": 0, "user_id": user_id}
    payload = _encoded(json.dumps(told, separators=(",", ":")).encode())
    return f"{_encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def post(url: str, *, user_id: str = keys.MANAGER, wrong: bool = False, instagram: bool = False) -> Json:
    """Call such a callback, and tell what it answered."""
    known = endpoint.INSTAGRAM_SECRETS if instagram else endpoint.APP_SECRETS
    field = {"signed_request": signed_request(user_id, secret="another secret" if wrong else known[0])}
    with requests.Session() as http:
        http.trust_env = False
        answer = http.post(url, data=field, timeout=10, allow_redirects=False)
    return {"status": answer.status_code, "body": answer.text[:2000]}
