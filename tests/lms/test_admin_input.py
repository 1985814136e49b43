"""Every list and form of the admin, asked with what no key, number, moment or text can be."""

import pytest
from django.contrib import admin

from courses.models import Lesson
from gamification.models import Challenge
from tests.accounts.bad_sign_in import second_factor

NO_KEYS = ["not-a-key", "9" * 30, "a\x00b"]
# The last is told by the database, which then hears no more in the transaction of a test.
NO_FILTERS = [
    ("accounts/user", "date_joined__year", "9" * 30),
    ("activity/analyticsevent", "visitor", "not-bytes"),
    pytest.param(
        *("billing/plan", "features", "not-a-list"),
        marks=pytest.mark.django_db(transaction=True),
    ),
]
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
def test_a_filter_that_is_none_leads_to_the_list_without_it(desk, room, name, value):
    answer = desk.get(f"/admin/{room}/", {name: value})
    assert answer.status_code == 302
    assert desk.get(answer["Location"]).status_code == 200


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
