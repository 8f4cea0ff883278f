from django.urls import path

from inbox.views.topics import pages

app_name = "topics"

urlpatterns = [
    path("", pages.topic_list, name="list"),
    path("new/", pages.topic_new, name="new"),
    path("<int:pk>/", pages.topic, name="topic"),
    path("<int:pk>/withdraw/", pages.withdraw, name="withdraw"),
    path("<int:pk>/restore/", pages.restore, name="restore"),
]
