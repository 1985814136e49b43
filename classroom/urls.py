"""Addresses of the learners' pages."""

from django.urls import path

from classroom.views import catalogue, code, examples, files, learning, quizzes, record, submissions

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
    path("quizzes/<uuid:pk>/", quizzes.quiz, name="quiz"),
    path("quizzes/<uuid:pk>/attempts/", quizzes.attempts, name="attempts"),
    path("attempts/<uuid:pk>/", quizzes.attempt, name="attempt"),
    path("attempts/<uuid:pk>/questions/<int:number>/", quizzes.attempt, name="question"),
    path("attempts/<uuid:pk>/summary/", quizzes.summary, name="summary"),
    path("attempts/<uuid:pk>/answers/", quizzes.answers, name="answers"),
    path("attempts/<uuid:pk>/clock/", quizzes.clock, name="clock"),
    path("attempts/<uuid:pk>/submission/", quizzes.submission, name="hand_in"),
    path("attempts/<uuid:pk>/review/", quizzes.review, name="review"),
    path("attempts/<uuid:pk>/self-checks/", quizzes.self_checks, name="self_checks"),
    path("questions/<uuid:pk>/reports/", quizzes.reports, name="reports"),
    path("assignments/<uuid:pk>/", code.assignment, name="assignment"),
    path("assignments/<uuid:pk>/runs/", code.runs, name="runs"),
    path("assignments/<uuid:pk>/submissions/", code.submissions, name="submissions"),
    path("assignments/<uuid:pk>/draft/", code.draft, name="draft"),
    path("submissions/<uuid:pk>/", submissions.submission, name="submission"),
    path("submissions/<uuid:pk>/changes/", submissions.changes, name="changes"),
    path("submissions/<uuid:pk>/help/", submissions.ask, name="ask_for_help"),
    path("lessons/<uuid:pk>/runs/", examples.lesson_runs, name="lesson_runs"),
    path("runs/<uuid:pk>/", examples.run, name="run"),
    path("progress/", record.progress, name="progress"),
    path("progress/history/", record.history, name="history"),
    path("help/", record.help_page, name="help"),
]
