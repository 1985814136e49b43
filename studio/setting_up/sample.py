"""A course to take apart: complete, and seen by no learner before it is published."""

from pathlib import Path

from django.conf import settings

from accounts.models import User
from courses.models import Course
from studio.importing.apply import import_course
from studio.importing.formats import read_course

FOLDER = Path(settings.BASE_DIR) / "demo" / "python-basics"


def load_sample(by: User) -> Course:
    """Bring it in as a draft. A second call changes nothing. Raises ImportRefused."""
    tree = read_course(FOLDER)
    tree.draft = True
    import_course(tree, by=by)
    return Course.objects.get(slug=tree.slug)
