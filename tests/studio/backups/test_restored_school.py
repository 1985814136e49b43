"""A school that was backed up and restored is the same school."""

import re
import stat
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.test import Client
from django.utils.timezone import now
from PIL import Image

from accounts.avatars import set_avatar
from accounts.models import Profile, User
from accounts.own_data import PersonExport
from certificates.keys import private_half, signer
from certificates.models import Certificate, SigningKey
from courses.models import Asset
from gamification.models import XPTransaction
from progress.actions import complete_lesson
from studio.backups.last import last_backup
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment, make_lesson_for
from tests.assessments.finished import finished
from tests.assessments.review_builders import hand_in
from tests.studio.backups.conftest import run, stored

pytestmark = pytest.mark.django_db(transaction=True)

# What COPY, JSON and shells each take for something else.
ODD = "Zoë \\N \\. '\"; $1 %s {} <b> 𝕎 مرحبا 👩🏽‍🚀"
PAGES = {
    None: ["/", "/courses/", "/courses/python-basics/"],
    "ada@example.org": [
        "/classroom/", "/classroom/courses/python-basics/", "/progress/", "/progress/history/",
        "/certificates/", "/achievements/", "/notifications/", "/activity/",
    ],
    "root@example.org": [
        "/studio/", "/studio/courses/python-basics/insights/", "/studio/reviews/",
        "/admin/accounts/user/", "/admin/gamification/xptransaction/",
    ],
}  # fmt: skip
EACH_TIME = re.compile(rb'nonce="[^"]+"|"[a-z0-9]{64}"')  # and tokens against forged requests


@pytest.fixture
def school(ada, root, course, lessons, settings):
    """A learner with odd signs in the name, a picture, points, a certificate, a quiz and code."""
    settings.DEMO_SCHOOL = True
    picture = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "PNG")
    picture.seek(0)
    set_avatar(ada.profile, picture)
    User.objects.filter(pk=ada.pk).update(name=ODD)
    ada.refresh_from_db()
    drawing = ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "plan.svg")
    Asset.objects.create(course=course, path="plan.svg", size=40, sha256="", file=drawing)
    module = lessons[-1].module
    finished(ada, make_quiz(module, lesson={"is_required": False}), right=3)
    extra = make_lesson_for(module, "adding", is_required=False)
    hand_in(ada, make_assignment(module, lesson=extra), f"print({ODD!r})\n")
    for lesson in lessons:
        complete_lesson(ada, lesson)
    signer()
    return course


def browser(email):
    client = Client()
    if email:
        client.force_login(User.objects.get(email=email))
    return client


def look(browsers, more, moment):
    """Every page, and what the doctor finds, at one moment."""
    cache.clear()
    seen = {}
    with time_machine.travel(moment, tick=False):
        for email, paths in PAGES.items():
            for path in [*paths, *more]:
                answer = browsers[email].get(path)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                seen[email, path] = (answer.status_code, EACH_TIME.sub(b"", content))
    return seen, run("doctor")


def test_a_restored_school_is_the_same(school, ada, target, tmp_path):
    files = stored()
    assert len(files) == 2
    more = [
        Certificate.objects.get(user=ada).get_absolute_url(),
        school.assets.get().get_absolute_url(),
        Profile.objects.get(user=ada).avatar_url,
    ]
    browsers, moment = {email: browser(email) for email in PAGES}, now()
    browsers["root@example.org"].get("/studio/")  # greets once
    before = look(browsers, more, moment)
    assert all(code == 200 for (email, _), (code, _) in before[0].items() if email)
    assert ODD in User.objects.get(pk=ada.pk).name
    ledger = list(XPTransaction.objects.order_by("pk").values())

    PersonExport.objects.create(user=ada, ready_at=now(), file="exports/left-out.zip", size=1)
    made = run("backup", tmp_path)
    assert (made["files"], made["lacking"]) == (len(files), [])
    assert stat.S_IMODE((tmp_path / made["path"]).stat().st_mode) == 0o600
    assert abs((last_backup() - now()).total_seconds()) < 600

    with target():
        restored = run("restore", made["path"])
        assert (restored["rows"], restored["warnings"]) == (made["rows"], [])
        assert restored["doctor"] == before[1]
        assert stored() == files
        assert not PersonExport.objects.exists()
        after = look(browsers, more, moment)
        assert after[1] == before[1]
        for key, page in before[0].items():
            assert after[0][key] == page, key
        assert list(XPTransaction.objects.order_by("pk").values()) == ledger
        assert private_half(SigningKey.objects.get())
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("UPDATE gamification_xptransaction SET amount = 1")
