"""Addresses beside the reviewers' queue: snippets."""

from django.urls import path

from studio.views import snippets

urlpatterns = [
    path("snippets/", snippets.snippets, name="snippets"),
    path("snippets/new/", snippets.new_snippet, name="new_snippet"),
    path("snippets/<uuid:pk>/", snippets.snippet, name="snippet"),
    path("snippets/<uuid:pk>/delete/", snippets.delete, name="delete_snippet"),
]
