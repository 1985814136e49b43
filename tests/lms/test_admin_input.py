"""Every list and form of the admin, asked with what no key, number, moment or text can be."""

import re
from typing import ClassVar

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, get_fields_from_path
from django.contrib.auth.models import Permission
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, TextField
from django.forms import HiddenInput
from django.test import RequestFactory

from accounts.models import User
from courses.form_fields import RowField
from courses.models import Lesson
from gamification.models import Challenge
from lms.site import SchoolAdmin
from tests.accounts.bad_sign_in import second_factor
from tests.conftest import make_person

NO_KEYS = ["not-a-key", "9" * 30, "a\x00b"]
# The last is told by the database, which then hears no more in the transaction of a test.
NO_FILTERS = [
    ("accounts/user", "date_joined__year", "9" * 30),
    pytest.param(
        *("billing/plan", "features", "not-a-list"),
        marks=pytest.mark.django_db(transaction=True),
    ),
]
# What whoever holds it may use, and what was hashed so that nobody holds it.
SECRET = re.compile(
    r"\.(password|(token_)?secret|token|digest|private|invitation|auth|p256dh|visitor)$"
    r"|\.session_(key|data|epoch)$|^mfa\.authenticator\.data$"
)
MOMENTS = {
    "billing/grant": "until",
    "gamification/season": "starts_at",
    "gamification/multiplier": "ends_at",
    "gamification/challenge": "opens_at",
}


@pytest.fixture
def desk(root, as_):
    second_factor(root)
    return as_(root)


@pytest.mark.parametrize("typed", NO_KEYS)
@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("gamification/xptransaction", "user"),
        ("billing/grant", "user"),
        ("enrollments/enrollment", "course"),
        ("gamification/challenge", "course"),
    ],
)
def test_a_key_that_is_none_is_a_choice_that_is_none(desk, form, field, typed):
    answer = desk.post(f"/admin/{form}/add/", {field: typed})
    assert answer.status_code == 200
    assert answer.context["adminform"].errors[field]


def test_a_row_within_a_form_is_chosen_as_well(desk, lessons):
    rows = {"tasks-TOTAL_FORMS": 1, "tasks-INITIAL_FORMS": 0, "tasks-0-lesson": "not-a-key"}
    answer = desk.post("/admin/gamification/challenge/add/", rows)
    assert answer.status_code == 200
    assert "lesson" in answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(("room", "name", "value"), NO_FILTERS)
def test_a_filter_that_is_none_leads_to_the_list_without_it(desk, room, name, value, caplog):
    caplog.set_level("WARNING", "lms.admin_input")
    answer = desk.get(f"/admin/{room}/", {name: value})
    assert answer.status_code == 302
    assert desk.get(answer["Location"]).status_code == 200
    # It may be a fault of ours: where it was is logged, and not what was asked.
    [line] = [one for one in caplog.records if one.name == "lms.admin_input"]
    assert "get_changelist_instance" in line.getMessage()
    assert value not in line.getMessage()
    assert line.exc_info is None


def test_an_admin_keeps_the_fields_that_it_declares():
    class Wide(admin.ModelAdmin):
        formfield_overrides: ClassVar = {TextField: {"widget": HiddenInput}}

    site = SchoolAdmin()
    site.register(Lesson, Wide)
    fields = site.get_model_admin(Lesson).formfield_overrides
    assert fields[TextField]["widget"] is HiddenInput
    assert fields[ForeignKey]["form_class"] is RowField


def test_what_was_ticked_and_is_no_row_changes_nothing(desk, lessons):
    for model, page in admin.site._registry.items():
        room = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for action in page.actions:
            sent = {"action": getattr(action, "__name__", action), "_selected_action": NO_KEYS}
            assert desk.post(room, sent).status_code == 302, (room, action)
    sent = {"action": "hide_them", "_selected_action": [*NO_KEYS, str(lessons[0].pk)]}
    assert desk.post("/admin/courses/lesson/", sent).status_code == 302
    assert Lesson.objects.get(pk=lessons[0].pk).status == Lesson.Status.DRAFT


@pytest.mark.parametrize(("room", "name"), MOMENTS.items())
def test_a_moment_that_an_address_fills_in_is_one_or_left_out(desk, room, name):
    for text, shown in (("2030", False), ("2030-05-06 07:08", True)):
        page = desk.get(f"/admin/{room}/add/", {name: text})
        assert page.status_code == 200
        assert ('value="07:08' in page.text) is shown


def secrets_of(model):
    """Columns of the model, and of what stands beside it, by the name that an address may use."""
    for one in model._meta.get_fields():
        beside = one.related_model._meta.concrete_fields if one.is_relation else ()
        names = [one.name, "pk"] if one == model._meta.pk else [one.name]
        ways = [(one, name) for name in names]
        ways += [(column, f"{name}__{column.name}") for name in names for column in beside]
        yield from (way for column, way in ways if is_secret(column))


def is_secret(column):
    return bool(SECRET.search(f"{column.model._meta.label_lower}.{column.name}"))


def test_no_list_is_asked_by_a_secret_or_names_one(root):
    asking, refused = RequestFactory().get("/admin/"), []
    asking.user = root
    for model, page in admin.site._registry.items():
        for way in secrets_of(model):
            for lookup in (way, f"{way}__startswith", f"{way}__regex"):
                assert not page.lookup_allowed(lookup, "a", asking), (model, lookup)
            refused.append(f"{model._meta.label_lower}.{way}")
        for name in named_by(page, asking):
            try:
                columns = get_fields_from_path(model, name)
            except FieldDoesNotExist:
                continue
            assert not any(is_secret(column) for column in columns), (model, name)
    assert {
        "accounts.user.password", "accounts.user.api_tokens__digest", "billing.seat.invitation",
        "accounts.user.push_subscriptions__auth", "accounts.user.authenticator__data",
        "billing.seat.user__password", "certificates.signingkey.private",
        "gamification.standing.user__password", "gamification.standing.pk__password",
    } <= set(refused)  # fmt: skip


def named_by(page, asking):
    filters = [one[0] if isinstance(one, tuple) else one for one in page.get_list_filter(asking)]
    said = (*flatten_fieldsets(page.get_fieldsets(asking)), *page.get_list_display(asking))
    searched = [one.lstrip("=^@") for one in page.get_search_fields(asking)]
    return [one for one in (*said, *filters, *searched) if isinstance(one, str)]


def test_who_may_see_people_learns_nothing_of_their_passwords(root, as_):
    clerk = make_person("clerk@example.org", "Clerk", role=User.Role.ADMIN)
    clerk.user_permissions.add(Permission.objects.get(codename="view_user"))
    second_factor(clerk)
    people = "/admin/accounts/user/"
    for begins in (root.password[:20], "not this"):
        found = as_(clerk).get(people, {"email": root.email, "password__startswith": begins})
        assert found.status_code == 400
    asked = {"email": root.email, "role__exact": "ADMIN", "is_active__exact": "1"}
    assert root.name in as_(clerk).get(people, asked).text
