from django.urls import include, path

app_name = "responses"

urlpatterns = [
    path("", include("responses.reply_urls")),
]
