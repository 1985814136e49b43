"""Addresses: studio."""

from django.urls import URLPattern

app_name = "studio"
urlpatterns: list[URLPattern] = []
