"""Addresses: notifications."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("latest/", views.latest_part, name="latest"),
    path("done/", views.all_done, name="all_done"),
    path("<uuid:pk>/", views.thing, name="thing"),
    path("<uuid:pk>/done/", views.done, name="done"),
    path("<uuid:pk>/unread/", views.unread, name="unread"),
    path("<uuid:pk>/saved/", views.saved, name="saved"),
    path("<uuid:pk>/mute/", views.muting, name="mute"),
]
