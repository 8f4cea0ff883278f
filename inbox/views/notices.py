from accounts.access import signed_in
from django.http import HttpResponse


@signed_in
def notice_list(request, pk=0):
    return HttpResponse("")

@signed_in
def mark_read(request, pk=0):
    return HttpResponse("")

@signed_in
def open_notice(request, pk=0):
    return HttpResponse("")

@signed_in
def shortcuts(request, pk=0):
    return HttpResponse("")
