"""Addresses: the settings of what one is told."""

from django.urls import path

from notifications import phone_views, push_views
from notifications import settings_views as views

app_name = "settings_notifications"
urlpatterns = [
    path("", views.notifications, name="page"),
    path("mutes/<uuid:pk>/end/", views.unmuting, name="unmute"),
    path("browsers/", push_views.adding, name="browsers"),
    path("browsers/<uuid:pk>/end/", push_views.removing, name="browser_end"),
    path("phone/", phone_views.asking, name="phone"),
    path("phone/code/", phone_views.confirming, name="code"),
    path("phone/end/", phone_views.ending, name="phone_end"),
]
