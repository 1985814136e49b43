"""Migrations hold up nobody for long: what they do is known beforehand, and what they wait for."""

from threading import Event, Thread

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now, Random

from tools.migration_locks import (
    BEFORE_DEFAULTS_WERE_ASKED_FOR,
    BEFORE_THE_FIRST_SCHOOL,
    NO_DEFAULT,
    Faults,
    faults_of_project,
    new_faults,
)
from tools.migration_locks import INDEX as INDEX_IS_BUILT


def test_no_migration_holds_up_a_school_at_work():
    found = faults_of_project()
    assert new_faults(found) == {}
    assert found.keys() >= BEFORE_THE_FIRST_SCHOOL | BEFORE_DEFAULTS_WERE_ASKED_FOR, "not needed"


def test_older_columns_without_a_default_of_the_database_may_have_no_other_fault():
    known = next(iter(BEFORE_DEFAULTS_WERE_ASKED_FOR))
    found = {known: [f"It {NO_DEFAULT}", INDEX_IS_BUILT], "accounts.9999_new": [NO_DEFAULT]}
    assert new_faults(found) == {known: [INDEX_IS_BUILT], "accounts.9999_new": [NO_DEFAULT]}


def faults(*operations, atomic=True):
    """Of a migration that finds a table of people."""
    state = ProjectState()
    fields = [
        ("id", models.UUIDField(primary_key=True)),
        ("name", models.CharField(max_length=80)),
        ("age", models.IntegerField(null=True)),
    ]
    state.add_model(ModelState("accounts", "Person", fields))
    migration = Migration("0002_planted", "accounts")
    migration.operations, migration.atomic = list(operations), atomic
    return list(Faults(migration, state).all())


def new(field):
    return migrations.AddField("person", "extra", field)


def changed(name, field):
    return migrations.AlterField("person", name, field)


def fill(apps, editor):
    pass


PERSON = "accounts_person"
INDEX = models.Index(fields=["name"], name="by_name")
GROWN = models.CheckConstraint(condition=models.Q(age__gt=0), name="grown")
UNSAFE = [
    (migrations.AddIndex("person", INDEX), "AddIndexConcurrently"),
    (new(models.CharField(max_length=9, db_default="", db_index=True)), "AddIndexConcurrently"),
    (new(models.SlugField(null=True, unique=True)), "AddIndexConcurrently"),
    (new(models.ForeignKey("self", models.CASCADE, null=True)), "AddIndexConcurrently"),
    (changed("name", models.CharField(max_length=80, unique=True)), "AddIndexConcurrently"),
    (migrations.AlterUniqueTogether("person", {("name", "age")}), "AddIndexConcurrently"),
    (
        migrations.AddConstraint("person", models.UniqueConstraint(fields=["name"], name="one")),
        "AddIndexConcurrently",
    ),
    (migrations.AddConstraint("person", GROWN), "AddConstraintNotValid"),
    (new(models.PositiveIntegerField(db_default=0)), "every row"),
    (changed("age", models.PositiveIntegerField(null=True)), "every row"),
    (changed("age", models.IntegerField(default=0)), "every row"),
    (new(models.IntegerField()), "Give it db_default"),
    (new(models.IntegerField(default=0)), "Give it db_default"),
    (new(models.CharField(max_length=9)), "Give it db_default"),
    (new(models.CharField(max_length=9, default="")), "Give it db_default"),
    (new(models.JSONField(default=list)), "Give it db_default"),
    (new(models.FloatField(db_default=Random())), "writes the whole table"),
    (
        new(models.GeneratedField(
            expression=models.F("age") + 1, output_field=models.IntegerField(), db_persist=True
        )),
        "writes the whole table",
    ),
    (changed("age", models.BigIntegerField(null=True)), "writes the whole table"),
    (changed("name", models.CharField(max_length=40)), "writes the whole table"),
    (migrations.RemoveField("person", "age"), "still runs"),
    (migrations.RenameField("person", "age", "years"), "still runs"),
    (migrations.RenameModel("Person", "Human"), "still runs"),
    (migrations.DeleteModel("Person"), "still runs"),
    (migrations.RunPython(fill), "by batches"),
    (migrations.RunSQL(f"UPDATE {PERSON} SET age = 1"), "by batches"),
    (migrations.RunSQL(f"WITH old AS (SELECT 1) DELETE FROM {PERSON}"), "by batches"),
    (migrations.RunSQL([(f"SELECT 1; UPDATE {PERSON} SET age = %s", [1])]), "by batches"),
    (migrations.RunSQL(f"CREATE UNIQUE INDEX x ON {PERSON} (name)"), "AddIndexConcurrently"),
    (migrations.RunSQL(f"ALTER TABLE {PERSON} ADD CONSTRAINT x CHECK (age > 0)"), "every row"),
    (migrations.RunSQL(f"ALTER TABLE {PERSON} ALTER COLUMN age SET NOT NULL"), "every row"),
    (migrations.RunSQL(f"alter table {PERSON} alter age type bigint"), "writes the whole table"),
    (
        migrations.RunSQL(f"ALTER TABLE {PERSON} ADD COLUMN x uuid DEFAULT gen_random_uuid()"),
        "writes the whole table",
    ),
    (migrations.RunSQL(f"ALTER TABLE {PERSON} DROP COLUMN age"), "still runs"),
    (migrations.RunSQL(f"LOCK TABLE {PERSON}"), "every row"),
    (
        migrations.SeparateDatabaseAndState([migrations.AddIndex("person", INDEX)]),
        "AddIndexConcurrently",
    ),
]  # fmt: skip
SAFE = [
    migrations.CreateModel("Pet", [("id", models.UUIDField(primary_key=True))]),
    new(models.CharField(max_length=9, default="", db_default="")),
    new(models.IntegerField(null=True)),
    new(models.DateTimeField(db_default=Now())),
    new(models.IntegerField(db_default=3)),
    new(models.ForeignKey("self", models.CASCADE, null=True, db_index=False)),
    changed("name", models.CharField(max_length=120)),
    changed("name", models.TextField()),
    changed("age", models.IntegerField(null=True, choices=[(1, "one")])),
    AddConstraintNotValid("person", GROWN),
    migrations.RunSQL("CREATE FUNCTION f() RETURNS trigger AS $$ UPDATE x SET y = 1; $$"),
    migrations.RunSQL(f"CREATE TRIGGER t BEFORE UPDATE OR DELETE ON {PERSON} EXECUTE f()"),
    migrations.RunSQL(f"ALTER TABLE {PERSON} ADD COLUMN x timestamptz DEFAULT now()"),
    migrations.RunSQL(f"ALTER TABLE {PERSON} ADD CONSTRAINT x CHECK (age > 0) NOT VALID"),
    migrations.RunSQL(f"CREATE INDEX CONCURRENTLY x ON {PERSON} (name)"),
    migrations.RunPython(migrations.RunPython.noop),
]


@pytest.mark.parametrize(("operation", "words"), UNSAFE, ids=range(len(UNSAFE)))
def test_what_holds_up_a_school_is_found(operation, words):
    found = faults(operation)
    assert [fault for fault in found if words in fault] == found != []


@pytest.mark.parametrize("operation", SAFE, ids=range(len(SAFE)))
def test_what_holds_up_nobody_passes(operation):
    assert faults(operation) == []


def test_a_new_table_holds_up_nobody_and_batches_may_change_rows():
    pet = migrations.CreateModel("Pet", [("id", models.UUIDField(primary_key=True))])
    index = migrations.AddIndex("pet", models.Index(fields=["id"], name="pets"))
    assert faults(pet, index, migrations.RunSQL("UPDATE accounts_pet SET id = NULL")) == []
    assert faults(AddIndexConcurrently("person", INDEX), atomic=False) == []
    assert faults(migrations.RunPython(fill), atomic=False) == []


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_up_a_table_that_is_in_use_for_long():
    """Otherwise everybody who comes after it would wait as well."""
    held, over = Event(), Event()

    def somebody_reads():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE progress_insightassignment IN ACCESS SHARE MODE")
            held.set()
            over.wait(30)
        connection.close()

    reader = Thread(target=somebody_reads)
    reader.start()
    try:
        assert held.wait(30)
        with pytest.raises(CommandError, match="was in use for more than 1 seconds"):
            call_command("migrate", "progress", "0007", lock_seconds=1, verbosity=0)
    finally:
        over.set()
        reader.join()
        # Those after it were gone back before it gave up.
        call_command("migrate", "progress", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT failing_all FROM progress_insightassignment")
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
