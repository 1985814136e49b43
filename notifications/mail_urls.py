"""Addresses: the link at the foot of a mail."""

from django.urls import path

from notifications import mail_views as views

app_name = "mail"
urlpatterns = [path("<str:token>/", views.unsubscribe, name="unsubscribe")]
