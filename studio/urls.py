"""Addresses: studio."""

from django.urls import path

from studio.views import items

app_name = "studio"
urlpatterns = [
    path("quizzes/<uuid:pk>/", items.quiz_items, name="quiz"),
]
