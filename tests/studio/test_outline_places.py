"""Whichever way a module or lesson is added, it gets an address of its own and the last place."""

import pytest

from courses.models import Lesson, Module
from studio.outline import add_lesson, add_module
from tests.studio.test_admin import COURSE, inline

pytestmark = pytest.mark.django_db


def by_admin(desk, module, title):
    """Add a module, or a lesson of this module, in the tables of the admin."""
    course = module.course
    if title.startswith("Lesson"):
        row = {"title": title, "kind": "ARTICLE", "minutes": 4, "status": "DRAFT"}
        rows = inline("lessons", {**row, "xp_reward": 5, "position": 0})
        page, form = f"module/{module.pk}", {"title": module.title, "slug": module.slug}
        sent = {**form, "course": course.pk, "description": "", "position": 1, **rows}
    else:
        rows = inline("modules", {"title": title, "description": "", "position": 0})
        page, sent = f"course/{course.pk}", {**COURSE, "slug": course.slug, **rows}
    assert desk.post(f"/admin/courses/{page}/change/", sent).status_code == 302


def by_studio(desk, module, title):
    if title.startswith("Lesson"):
        add_lesson(module, title, Lesson.Kind.ARTICLE)
    else:
        add_module(module.course, title)


@pytest.mark.parametrize("add", [by_admin, by_studio])
@pytest.mark.parametrize("title", ["Module water", "Lesson water"])
def test_what_is_archived_keeps_its_address_and_place(desk, course, add, title):
    module = course.modules.last()
    by_studio(desk, module, title)
    model = Lesson if title.startswith("Lesson") else Module
    old = model.objects.get(title=title)
    model.objects.filter(pk=old.pk).update(deleted_at=course.created_at)
    add(desk, module, title)
    new = model.objects.exclude(pk=old.pk).get(title=title)
    assert new.slug == f"{old.slug}-2"
    assert new.position == old.position + 1
