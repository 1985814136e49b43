"""Addresses of the learners' pages."""

from django.urls import path

from classroom.views import catalogue, files, learning, record

app_name = "classroom"
urlpatterns = [
    path("courses/", catalogue.courses, name="catalogue"),
    path("courses/<slug:slug>/", catalogue.course, name="course"),
    path("courses/<slug:slug>/enrollment/", catalogue.enrollment, name="enrollment"),
    path("courses/<slug:slug>/files/<path:path>", files.asset, name="asset"),
    path("languages/", catalogue.languages, name="language_list"),
    path("languages/<slug:slug>/", catalogue.language, name="language"),
    path(
        "languages/<slug:slug>/enrollment/",
        catalogue.language_enrollment,
        name="language_enrollment",
    ),
    path("classroom/", learning.dashboard, name="dashboard"),
    path("classroom/courses/", learning.my_courses, name="my_courses"),
    path("classroom/courses/<slug:slug>/", learning.course_home, name="course_home"),
    path(
        "classroom/courses/<slug:slug>/lessons/<slug:lesson_slug>/",
        learning.lesson,
        name="lesson",
    ),
    path("lessons/<uuid:pk>/completion/", learning.completion, name="completion"),
    path("lessons/<uuid:pk>/widget/", files.widget, name="widget"),
    path("progress/", record.progress, name="progress"),
    path("progress/history/", record.history, name="history"),
    path("help/", record.help_page, name="help"),
]
