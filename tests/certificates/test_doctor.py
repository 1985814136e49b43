"""The doctor holds certificates against completions."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from activity.models import Event
from certificates.models import Certificate
from tests.certificates.builders import DAY, certify


def doctor(*args):
    out, code = StringIO(), 0
    try:
        call_command(
            "doctor", "--json", "--only", "certificates", "--only", "unfounded", *args, stdout=out
        )
    except CommandError as refusal:
        code = refusal.returncode
    checks = json.loads(out.getvalue())["checks"]
    return {one["name"]: (one["found"], one["left"]) for one in checks}, code


@pytest.mark.django_db
def test_completions_without_a_certificate_are_found_and_mended(ada, bob, course):
    for who in (ada, bob):
        Event.objects.create(
            user=who, kind="COURSE_COMPLETED", subject=f"course:{course.pk}", created_at=DAY
        )
    assert doctor() == ({"certificates": (2, 2), "unfounded": (0, 0)}, 1)
    assert doctor("--fix") == ({"certificates": (2, 0), "unfounded": (0, 0)}, 0)
    assert set(Certificate.objects.values_list("issued_at", flat=True)) == {DAY}


@pytest.mark.django_db
def test_a_certificate_without_a_completion_is_found_and_left_to_a_person(ada, course):
    certify(ada, course)
    assert doctor("--fix") == ({"certificates": (0, 0), "unfounded": (1, 1)}, 1)
