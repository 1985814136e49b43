"""Addresses: people."""

from django.urls import path, re_path

from accounts import people_views as views

app_name = "people"
urlpatterns = [
    re_path(r"^avatars/(?P<name>[A-Za-z0-9_-]{1,64}\.webp)$", views.avatar, name="avatar"),
    path("<slug:handle>/", views.person, name="person"),
]
