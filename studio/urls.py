"""Addresses: studio."""

from django.urls import path

from studio.views import home, items, regrading, reports

app_name = "studio"
urlpatterns = [
    path("", home.home, name="home"),
    path("quizzes/<uuid:pk>/", items.quiz_items, name="quiz"),
    path("quizzes/<uuid:pk>/regrade/", regrading.regrade, name="regrade"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/", reports.answer, name="report"),
]
