"""Sign-in with one click, for the demo people of a development server. Its URL exists only where DEBUG is on."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import public
from accounts.sign_in.development import demo_people


@public
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    member = get_object_or_404(demo_people(), user__email=request.POST.get("email", ""))
    login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
