"""Addresses that only take a form. A form that was wrong is shown there, and people come to what they see again by other ways."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def posted_from(home: Callable[..., Any]) -> Callable[[View], View]:
    """A GET, by the language switch or a line copied from the address bar, leads to the page where the form stands.

    home: takes what the view takes, finds no more than its reader may see, and gives whatever `redirect` takes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def taken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return redirect(home(request, *args, **kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return taken  # type: ignore[return-value]

    return decorate
