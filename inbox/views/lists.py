from accounts.access import signed_in
from django.http import HttpResponse


@signed_in
def inbox_list(request, pk=0):
    return HttpResponse("")
