"""The command that rebuilds the cached counts."""

import json
from io import StringIO

from django.core.management import call_command

from courses.models import Course
from progress.actions import complete_lesson
from progress.models import CourseProgress
from progress.verification import wrong_rows


def run(*flags):
    out = StringIO()
    call_command("recount_progress", "--json", *flags, stdout=out)
    return json.loads(out.getvalue())["wrong"]


def test_wrong_counts_of_learners_and_courses_are_mended_once(ada, course, lessons):
    complete_lesson(ada, lessons[0])
    assert run() == 0
    CourseProgress.objects.update(done=3)
    Course.objects.update(lesson_count=99)
    assert run("--dry-run") == 2
    assert wrong_rows() == 1
    assert run() == 2
    assert run() == wrong_rows() == 0
    course.refresh_from_db()
    assert course.lesson_count == 4
    assert CourseProgress.objects.get().done == 1
