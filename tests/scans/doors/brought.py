"""What is brought along where a form with nothing in it would be refused before anything else."""

import json
from string import Template

from tests.scans.doors.school import Things

FORMS = {
    "courses/<slug:slug>/enrollment/": "wanted=1",
    "languages/<slug:slug>/enrollment/": "wanted=1",
    "lessons/<uuid:pk>/completion/": "done=1",
    "lessons/<uuid:pk>/runs/": "source=1",
    "assignments/<uuid:pk>/runs/": "source=1",
    "assignments/<uuid:pk>/submissions/": "source=1",
    "assignments/<uuid:pk>/draft/": "source=1",
    "submissions/<uuid:pk>/replies/": "remark=$remark",
    "progress/streak/pause/<uuid:pk>/": "ended=0",
    "certificates/<str:code>/privacy/": "private=0",
    "challenges/<slug:slug>/entry/": "started=1",
    "billing/seats/taking/": "invitation=$seat",
}
SOURCE = {"source": "def add(a, b):\n    return a + b\n"}
PAID = {"userId": "$email", "courseId": "$course", "lessonId": "$lesson", "xpAmount": 10}
OBJECTS: dict[str, dict[str, str | int]] = {
    "api/enrollments": {"userId": "$email", "courseId": "$course"},
    "api/xp/award": PAID,
    "api/attempts/<uuidstr:attempt_id>/answers": {"questionId": "$question", "version": 0},
    "api/assignments/<uuidstr:assignment_id>/submissions": {**SOURCE},
    "api/assignments/<uuidstr:assignment_id>/runs": {**SOURCE},
}


def brought_to(path: str, things: Things) -> dict[str, str]:
    """Body and type of a request that sends."""
    if path.startswith("api/"):
        body, kind = json.dumps(OBJECTS.get(path, {})), "application/json"
    else:
        body, kind = FORMS.get(path, ""), "application/x-www-form-urlencoded"
    return {"data": Template(body).substitute(things), "content_type": kind}
