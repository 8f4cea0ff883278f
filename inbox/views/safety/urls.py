from django.urls import path

from inbox.views.safety import removals

app_name = "findings"

urlpatterns = [
    path("", removals.removal_list, name="list"),
    path("removals.csv", removals.removal_export, name="removals"),
    path("rules.csv", removals.precision_export, name="rules"),
    path("unseen.csv", removals.unseen_export, name="unseen"),
]
