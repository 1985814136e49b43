"""Addresses of the editors: courses, lessons, quizzes, assignments."""

from django.urls import path

from studio.views import assignment_editor, course, lesson, outline, question_editor, quiz_editor

urlpatterns = [
    path("courses/new/", course.make_course, name="new_course"),
    path("courses/<slug:slug>/", course.course, name="course"),
    path("courses/<slug:slug>/do/<slug:verb>/", course.course_verb, name="course_verb"),
    path("courses/<slug:slug>/modules/", outline.new_module, name="new_module"),
    path("modules/<uuid:pk>/", outline.module, name="module"),
    path("modules/<uuid:pk>/do/<slug:verb>/", outline.module_verb, name="module_verb"),
    path("modules/<uuid:pk>/lessons/", outline.new_lesson, name="new_lesson"),
    path("lessons/<uuid:pk>/", lesson.lesson, name="lesson"),
    path("lessons/<uuid:pk>/move/", outline.move_lesson, name="move_lesson"),
    path("lessons/<uuid:pk>/do/<slug:verb>/", outline.lesson_verb, name="lesson_verb"),
    path("quizzes/<uuid:pk>/edit/", quiz_editor.quiz, name="edit_quiz"),
    path("quizzes/<uuid:pk>/preview/", quiz_editor.preview, name="preview_quiz"),
    path("quizzes/<uuid:pk>/questions/new/", question_editor.new_question, name="new_question"),
    path("questions/<uuid:pk>/", question_editor.question, name="edit_question"),
    path("questions/<uuid:pk>/do/<slug:verb>/", quiz_editor.question_verb, name="question_verb"),
    path("assignments/<uuid:pk>/edit/", assignment_editor.assignment, name="edit_assignment"),
    path("assignments/<uuid:pk>/cases/new/", assignment_editor.new_case, name="new_case"),
    path("cases/<uuid:pk>/", assignment_editor.case, name="edit_case"),
    path("cases/<uuid:pk>/do/<slug:verb>/", assignment_editor.case_verb, name="case_verb"),
]
