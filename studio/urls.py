"""Addresses: studio."""

from django.urls import path

from studio.announcement_urls import urlpatterns as announcing
from studio.authoring_urls import urlpatterns as authoring
from studio.model_urls import urlpatterns as model
from studio.motivation_urls import urlpatterns as motivation
from studio.review_urls import urlpatterns as reviewing
from studio.views import (
    assignments,
    business,
    courses,
    exports,
    home,
    imports,
    insights,
    items,
    regrading,
    rejudging,
    reports,
    runner,
    student_verbs,
    students,
)

app_name = "studio"
urlpatterns = [
    path("", home.home, name="home"),
    path("courses/", courses.courses, name="courses"),
    path("courses/<slug:slug>/export/", exports.export, name="export"),
    path("courses/<slug:slug>/export/<slug:name>/", exports.download, name="download"),
    path("courses/<slug:slug>/insights/", insights.insights, name="insights"),
    path("courses/<slug:slug>/insights/count/", insights.recount, name="insights_count"),
    path("courses/<slug:slug>/insights/<slug:tab>/", insights.insights, name="insights_tab"),
    path(
        "courses/<slug:slug>/insights/<slug:tab>/export/", insights.export, name="insights_export"
    ),
    path(
        "courses/<slug:slug>/insights/students/<uuid:pk>/",
        insights.set_aside,
        name="insights_aside",
    ),
    path("courses/<slug:slug>/students/message/", student_verbs.message, name="message_students"),
    path(
        "courses/<slug:slug>/students/extra-time/",
        student_verbs.extra_time,
        name="extra_time_students",
    ),
    path(
        "courses/<slug:slug>/students/take-out/", student_verbs.take_out, name="take_out_students"
    ),
    path(
        "courses/<slug:slug>/students/put-back/", student_verbs.put_back, name="put_back_students"
    ),
    path("business/", business.business, name="business"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:pk>/", imports.course_import, name="import"),
    path("quizzes/<uuid:pk>/", items.quiz_items, name="quiz"),
    path("quizzes/<uuid:pk>/export/", items.export, name="quiz_export"),
    path("quizzes/<uuid:pk>/regrade/", regrading.regrade, name="regrade"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/<uuid:pk>/", assignments.assignment, name="assignment"),
    path("assignments/<uuid:pk>/trials/", assignments.try_out, name="trial"),
    path("assignments/<uuid:pk>/rejudge/", rejudging.rejudge, name="rejudge"),
    path("students/<uuid:pk>/", students.student, name="student"),
    path("runner/", runner.runner, name="runner"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/", reports.answer, name="report"),
    *announcing,
    *model,
    *motivation,
    *reviewing,
    *authoring,
]
