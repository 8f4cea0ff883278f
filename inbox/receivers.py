from accounts.access import public
from django.http import HttpRequest, HttpResponse


@public
def receive(request: HttpRequest, endpoint: str) -> HttpResponse:
    raise NotImplementedError
