from accounts.access import signed_in
from django.http import HttpResponse


@signed_in
def conversation_page(request, pk=0):
    return HttpResponse("")

@signed_in
def explain(request, pk=0):
    return HttpResponse("")
