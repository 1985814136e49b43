"""Which migrations hold up a school that is at work: `python -m tools.migration_locks`.

A table that is made in the same migration holds up nobody. For all others: what scans or rewrites
the table, or builds an index, while nobody may write to it; what changes many rows in one
transaction; and what the version that still runs asks for and would not find any more.
"""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED, PositiveIntegerRelDbTypeMixin
from django.db.models.functions import Now

# Made before any school had people in it: they ran, or will run, over empty tables or small ones.
# This list does not grow. A migration that cannot do without a long lock says so in CHANGELOG.md,
# under "Upgrading", and stands here with the reason why no school waits for it for long.
BEFORE_THE_FIRST_SCHOOL = frozenset(
    {
        "accounts.0003_end_sessions_and_one_owner_per_email",
        "accounts.0006_the_school",
        "assessments.0004_rejudging_reached",
        "assessments.0005_find_what_was_finished",
        "assessments.0006_every_question_has_a_key",
        "assessments.0007_feedback_of_models_and_people",
        "assessments.0008_what_was_said_before",
        "assessments.0009_remarks_are_rows",
        "assessments.0010_questions_about_quizzes",
        "assessments.0012_who_wrote_at_the_desk",
        "billing.0002_seats_are_promised_for_a_time",
        "billing.0003_plans_are_told_of_by_mail",
        "courses.0002_lesson_stays_in_its_course",
        "courses.0003_remember_what_was_imported",
        "courses.0004_no_course_comes_before_itself",
        "courses.0005_quizzes_are_done_by_passing",
        "courses.0006_titles_are_lines_and_slugs_small",
        "courses.0007_every_node_has_a_key",
        "courses.0010_files_know_where_they_come_from",
        "gamification.0003_what_motivates",
        "gamification.0004_who_is_listed",
        "gamification.0005_what_a_streak_was",
        "gamification.0006_badges_are_due_again_and_again",
        "gamification.0007_seasons_and_challenges",
        "gamification.0008_who_brought_whom",
        "gamification.0009_what_counts_on_no_board",
        "gamification.0010_how_nicknames_read",
        "gamification.0012_streaks_have_versions",
        "progress.0005_keep_how_many_need_a_person",
        "progress.0007_count_who_came_late",
        "progress.0008_count_who_fails_all_tests",
    }
)
# Columns whose default only Python knew, made before a default of the database was asked for. Of
# these nothing else is let through, and this list does not grow either.
BEFORE_DEFAULTS_WERE_ASKED_FOR = frozenset(
    {
        "accounts.0004_who_is_a_minor",
        "accounts.0007_tokens_for_reading",
        "billing.0004_invoices_keep_their_seller",
        "courses.0009_originals_of_pictures",
        "courses.0011_when_drafts_are_shown",
        "courses.0012_languages_need_plans",
    }
)
INDEX = "builds an index while nobody can write: AddIndexConcurrently, atomic = False"
ROWS = (
    "looks at every row while the table is locked: AddConstraintNotValid, then ValidateConstraint"
)
REWRITE = "writes the whole table anew: add another column, fill it by batches, change over"
FILL = "changes many rows in one transaction: by batches, in a migration that is not atomic"
GONE = (
    "the version that still runs asks for it: stop using it first, take it away one version later"
)
NO_DEFAULT = (
    "is not null and the database has no default: the version that still runs writes rows without "
    "it, and fails. Give it db_default"
)

# Words of SQL that a migration runs by itself, without the bodies of functions.
BODIES = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
ALTER = r"ALTER\s+TABLE.*\b"
SQL = [
    (r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", INDEX),
    (
        rf"{ALTER}ADD\s+(?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b(?!.*NOT\s+VALID)",
        ROWS,
    ),
    (rf"{ALTER}SET\s+NOT\s+NULL", ROWS),
    (rf"{ALTER}ALTER\s+(?:COLUMN\s+)?\S+\s+(?:SET\s+DATA\s+)?TYPE\b", REWRITE),
    (rf"{ALTER}ADD\s+COLUMN.*(?:\bSTORED\b|\b(?!now\b)\w+\s*\(\s*\))", REWRITE),
    (r"(?:VACUUM\s+FULL|CLUSTER|REINDEX(?!.*CONCURRENTLY)|LOCK\s+TABLE)", ROWS),
    (rf"{ALTER}(?:RENAME|DROP\s+COLUMN)\b|DROP\s+TABLE", GONE),
]
MANY_ROWS = re.compile(
    r"^(?:WITH\b.*\b)?(?:UPDATE|DELETE\s+FROM|INSERT\b.*\bSELECT)\b", re.I | re.S
)


class Faults:
    """Of one migration, from the state before it. Each fault is a sentence."""

    def __init__(self, migration: Migration, state: ProjectState) -> None:
        self.migration = migration
        self.state = state
        self.made: set[str] = set()

    def all(self) -> Iterator[str]:
        for operation in self.migration.operations:
            yield from self.of(operation)
            operation.state_forwards(self.migration.app_label, self.state)

    def of(self, operation: Any) -> Iterator[str]:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            for inner in operation.database_operations:
                yield from self.of(inner)
        elif isinstance(operation, migrations.CreateModel):
            self.made.add(operation.name_lower)
        elif isinstance(operation, migrations.RunPython):
            if (
                self.in_one_transaction(operation)
                and operation.code is not migrations.RunPython.noop
            ):
                yield f"RunPython {getattr(operation.code, '__name__', '')} {FILL}"
        elif isinstance(operation, migrations.RunSQL):
            yield from self.of_sql(operation.sql)
        elif self.table_of(operation) not in self.made:
            for fault in self.of_table(operation):
                yield f"{operation.describe()}: {fault}"

    def in_one_transaction(self, operation: Any) -> bool:
        return bool(self.migration.atomic if operation.atomic is None else operation.atomic)

    def table_of(self, operation: Any) -> str:
        named = getattr(operation, "model_name", None) or getattr(operation, "name", "")
        return str(named).lower()

    def of_sql(self, given: Any) -> Iterator[str]:
        parts = (
            [given]
            if isinstance(given, str)
            else [one if isinstance(one, str) else one[0] for one in given]
        )
        for statement in BODIES.sub("", ";".join(parts)).split(";"):
            words = re.sub(r"--[^\n]*", "", statement).strip()
            if any(f"_{name}" in words for name in self.made):
                continue
            for pattern, fault in SQL:
                if re.match(pattern, words, re.IGNORECASE | re.DOTALL):
                    yield f"{words[:60]}… {fault}"
            if self.migration.atomic and MANY_ROWS.search(words):
                yield f"{words[:60]}… {FILL}"

    def of_table(self, operation: Any) -> Iterator[str]:
        name = type(operation).__name__
        if isinstance(operation, migrations.AddIndex) and "Concurrently" not in name:
            yield INDEX
        if isinstance(operation, migrations.AddConstraint) and "NotValid" not in name:
            yield INDEX if isinstance(operation.constraint, models.UniqueConstraint) else ROWS
        if isinstance(operation, migrations.AlterUniqueTogether) and operation.unique_together:
            yield INDEX
        if isinstance(operation, GOING):
            yield GONE
        if isinstance(operation, migrations.AddField):
            yield from faults_of_new(operation.field)
        if isinstance(operation, migrations.AlterField):
            yield from faults_of_change(self.field_before(operation), operation.field)

    def field_before(self, operation: Any) -> Any:
        key = (self.migration.app_label, operation.model_name_lower)
        return self.state.models[key].fields[operation.name]


GOING = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip


def is_indexed(field: Any) -> bool:
    return bool(field.unique or field.db_index)


def is_checked(field: Any) -> bool:
    return isinstance(field, PositiveIntegerRelDbTypeMixin)


def faults_of_new(field: Any) -> Iterator[str]:
    if isinstance(field, models.ManyToManyField):
        return
    if isinstance(field, models.GeneratedField):
        yield REWRITE
        return
    given = field.db_default
    if given is not NOT_PROVIDED:
        if hasattr(given, "resolve_expression") and not isinstance(given, (models.Value, Now)):
            yield REWRITE
    elif not field.null:
        yield NO_DEFAULT
    if is_indexed(field):
        yield INDEX
    if is_checked(field):
        yield ROWS


def faults_of_change(before: Any, after: Any) -> Iterator[str]:
    if isinstance(after, models.ManyToManyField):
        return
    if rewrites(type_of(before), type_of(after)):
        yield REWRITE
    if before.null and not after.null:
        yield ROWS
    if is_indexed(after) and not is_indexed(before):
        yield INDEX
    if is_checked(after) and not is_checked(before):
        yield ROWS
    if after.remote_field and not before.remote_field:
        yield ROWS


def type_of(field: Any) -> str:
    # A key refers to a model, which only exists in a state that is rendered; its type stays.
    return "key" if field.remote_field else str(field.db_type(connection))


def rewrites(before: str, after: str) -> bool:
    """PostgreSQL lets a text grow, or forget its bound, without looking at it."""
    old, new = (re.fullmatch(r"varchar(?:\((\d+)\))?", one) for one in (before, after))
    if before == after or (old and after == "text"):
        return False
    if old and new:
        return bool(new[1]) and (not old[1] or int(old[1]) > int(new[1]))
    return True


def faults_of_project() -> dict[str, list[str]]:
    """By migration of ours, without those of before the first school."""
    loader = MigrationLoader(None)
    found = {}
    for key in loader.graph.leaf_nodes():
        for app, name in loader.graph.forwards_plan(key):
            label, ours = f"{app}.{name}", apps.get_app_config(app).path
            if label in found or not ours.startswith(str(settings.BASE_DIR / app)):
                continue
            migration = loader.get_migration(app, name)
            state = loader.project_state((app, name), at_end=False)
            found[label] = list(Faults(migration, state).all())
    return {label: faults for label, faults in found.items() if faults}


def new_faults(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Those that are not let through."""
    left = {
        label: [
            fault
            for fault in faults
            if NO_DEFAULT not in fault or label not in BEFORE_DEFAULTS_WERE_ASKED_FOR
        ]
        for label, faults in found.items()
        if label not in BEFORE_THE_FIRST_SCHOOL
    }
    return {label: faults for label, faults in left.items() if faults}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    found = new_faults(faults_of_project())
    for label in sorted(found):
        for fault in found[label]:
            print(f"{label}: {fault}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
