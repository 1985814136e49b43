"""Addresses: settings."""

from django.urls import path

from accounts import own_data_views
from accounts import settings_views as views

app_name = "settings"
urlpatterns = [
    path("", views.index, name="index"),
    path("profile/", views.profile, name="profile"),
    path("profile/avatar/", views.avatar, name="avatar"),
    path("account/", views.account, name="account"),
    path("sessions/", views.sessions_list, name="sessions"),
    path("appearance/", views.appearance, name="appearance"),
    path("privacy/", views.privacy, name="privacy"),
    path("data/", own_data_views.data, name="data"),
    path("data/erasure/", own_data_views.account_erasure, name="erasure"),
    path("data/exports/<uuid:export_id>/", own_data_views.export_file, name="export"),
    path("time/", views.time, name="time"),
    path("tokens/", views.tokens_list, name="tokens"),
    path("tokens/<uuid:token_id>/revocation/", views.token_revocation, name="token_revocation"),
]
