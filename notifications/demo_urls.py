"""Addresses: demo."""

from django.urls import path

from notifications import demo_views as views

app_name = "demo"
urlpatterns = [
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.mail_page, name="mail_page"),
]
