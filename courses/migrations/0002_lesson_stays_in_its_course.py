"""A lesson's course is its module's course: the database checks the pair."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

ADD = """
ALTER TABLE courses_module ADD CONSTRAINT module_with_course UNIQUE (id, course_id);
ALTER TABLE courses_lesson ADD CONSTRAINT lesson_in_course_of_module
  FOREIGN KEY (module_id, course_id) REFERENCES courses_module (id, course_id)
  DEFERRABLE INITIALLY DEFERRED;
"""
REMOVE = """
ALTER TABLE courses_lesson DROP CONSTRAINT lesson_in_course_of_module;
ALTER TABLE courses_module DROP CONSTRAINT module_with_course;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("courses", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(ADD, REMOVE)]
