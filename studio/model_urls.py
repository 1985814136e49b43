"""Addresses beside the reviewers' queue: snippets, times, the model."""

from django.urls import path

from studio.views import model, snippets

urlpatterns = [
    path("model/", model.model, name="model"),
    path("model/drafts/", model.try_again, name="try_drafts_again"),
    path("reviews/times/", model.times, name="times"),
    path("snippets/", snippets.snippets, name="snippets"),
    path("snippets/new/", snippets.new_snippet, name="new_snippet"),
    path("snippets/<uuid:pk>/", snippets.snippet, name="snippet"),
    path("snippets/<uuid:pk>/delete/", snippets.delete, name="delete_snippet"),
]
