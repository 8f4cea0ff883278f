from accounts.access import signed_in
from django.http import HttpResponse


@signed_in
def assign(request, pk=0):
    return HttpResponse("")

@signed_in
def note(request, pk=0):
    return HttpResponse("")

@signed_in
def close(request, pk=0):
    return HttpResponse("")

@signed_in
def reopen(request, pk=0):
    return HttpResponse("")

@signed_in
def exclude(request, pk=0):
    return HttpResponse("")

@signed_in
def reopen_wait(request, pk=0):
    return HttpResponse("")
