"""Addresses: setting up the school."""

from django.urls import path

from accounts import owner_views
from studio.views import setup as views

app_name = "setup"
urlpatterns = [
    path("", views.setup, name="checklist"),
    path("owner/", owner_views.owner, name="owner"),
    path("school/", views.school_settings, name="school"),
    path("invitation/", views.invitation, name="invitation"),
    path("steps/<slug:key>/", views.step, name="step"),
]
