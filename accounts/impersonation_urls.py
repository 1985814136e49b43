"""Addresses: looking at the site as a learner sees it."""

from django.urls import path

from accounts import impersonation_views as views

app_name = "impersonation"
urlpatterns = [
    path("end/", views.end, name="end"),
    path("<uuid:pk>/", views.begin, name="begin"),
]
