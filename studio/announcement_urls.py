"""Addresses of announcements: written, looked at, sent."""

from django.urls import path

from studio.views import announcements

ROOM = "announcements/"
urlpatterns = [
    path(ROOM, announcements.announcements, name="announcements"),
    path(f"{ROOM}new/", announcements.new_announcement, name="new_announcement"),
    path(f"{ROOM}audience/", announcements.audience, name="announcement_audience"),
    path(f"{ROOM}<uuid:pk>/", announcements.announcement, name="announcement"),
    path(f"{ROOM}<uuid:pk>/change/", announcements.change, name="change_announcement"),
    path(f"{ROOM}<uuid:pk>/test/", announcements.test, name="test_announcement"),
    path(f"{ROOM}<uuid:pk>/send/", announcements.send, name="send_announcement"),
    path(f"{ROOM}<uuid:pk>/withdraw/", announcements.withdraw, name="withdraw_announcement"),
]
