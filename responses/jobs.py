"""What RQ does because something just happened. Logic is elsewhere."""

from django.utils import timezone
from django_rq import job

from responses import outbox


@job("send", result_ttl=0)
def send_reply(reply_pk: int) -> str:
    return str(outbox.deliver(reply_pk, now=timezone.now()))
