from django.conf import settings
from django.urls import path

from accounts.views import days, development, duty, invitations, me, people, places, trail

app_name = "accounts"

urlpatterns = [
    path("", people.people_list, name="people"),
    path("invite/", invitations.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw"),
    path("join/<str:token>/", invitations.accept, name="invitation"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/end/", people.end, name="end"),
    path("locations/", places.locations, name="locations"),
    path("locations/new/", places.location_new, name="location_new"),
    path("locations/<int:pk>/", places.location, name="location"),
    path("locations/<int:pk>/days/", days.location_days, name="location_days"),
    path("duty/", duty.duty_list, name="duty"),
    path("duty/<int:pk>/", duty.duty_set, name="duty_set"),
    path("organization/", places.organization, name="organization"),
    path("me/", me.me, name="me"),
    path("switch/", me.switch, name="switch"),
    path("audit/", trail.audit_trail, name="audit"),
    path("audit/export/", trail.audit_export, name="audit_export"),
]

if settings.DEBUG:
    urlpatterns += [path("demo/", development.demo_sign_in, name="demo_sign_in")]
