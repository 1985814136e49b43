"""Every table with a way to a person says what becomes of it, and of every column of words."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from accounts.models import User
from accounts.personal import Fate, tables

# Columns that may hold who somebody is without a key to them.
TELLING = {"email", "to", "phone", "ip", "handle", "endpoint", "stripe_customer_id", "session_data"}
WORDS = (
    models.TextField, models.CharField, models.JSONField, models.FileField,
    models.GenericIPAddressField, ArrayField,
)  # fmt: skip
DECLARED = {one.model: one for one in tables()}
THEIRS = {table.model for table in tables() if table.fate is not Fate.NOBODYS}
EVERY = apps.get_models(include_auto_created=True)


def keys_of(model):
    fields = model._meta.get_fields()
    return [one for one in fields if one.is_relation and one.concrete and not one.many_to_many]


def test_every_table_with_a_way_to_a_person_is_declared():
    """By a key to a person or to a row of a person's, or by a column that may say who it is."""
    personal = {one for one in EVERY if any(key.related_model in THEIRS for key in keys_of(one))}
    telling = {one for one in EVERY if TELLING & {field.name for field in one._meta.fields}}
    assert not sorted(one._meta.label for one in (personal | telling) - DECLARED.keys())


def test_every_key_to_a_person_is_known_as_theirs_or_as_who_acted():
    unknown = [
        f"{table.label}.{key.name}"
        for table in tables()
        if table.fate is not Fate.NOBODYS
        for key in keys_of(table.model)
        if key.related_model is User and key.name not in {*table.whose, *table.acts}
    ]
    assert not unknown


def test_every_column_of_words_of_a_table_that_stays_is_decided_on():
    undecided = [
        f"{table.label}.{one.name}"
        for table in tables()
        if table.fate is Fate.KEPT
        for one in table.model._meta.concrete_fields
        if isinstance(one, WORDS) and not one.choices and not one.is_relation
        if one.name not in {*table.clears, *table.keeps}
    ]
    assert not undecided


def test_what_stays_says_why_and_names_columns_that_are_there():
    for table in tables():
        assert table.fate is Fate.DELETED or table.why, table.label
        names = {*table.clears, *table.keeps, *table.hides, *table.acts}
        for name in names:
            table.model._meta.get_field(name)
        for way in (*table.whose, *table.reads):
            assert leads_somewhere(table.model, way), f"{table.label}: {way}"


def leads_somewhere(model, way):
    try:
        for name in way.split("__"):
            field = model._meta.get_field(model._meta.pk.name if name == "pk" else name)
            model = field.related_model
    except (FieldDoesNotExist, AttributeError):
        return False
    return True


def test_a_table_is_declared_once():
    assert len(DECLARED) == len(tables())
