"""What somebody has typed and not handed in, kept on the server."""

from django.db import transaction

from accounts.models import User
from assessments.clock import read_clock
from assessments.errors import NewerDraft
from assessments.models import Assignment, Draft
from enrollments.access import require_enrollment
from sandbox.job import MAX_SOURCE, TOO_LONG, SourceRefused


def draft_of(user: User, assignment: Assignment) -> Draft | None:
    return Draft.objects.filter(user=user, assignment=assignment).first()


@transaction.atomic
def save_draft(user: User, assignment: Assignment, source: str, version: int) -> Draft:
    """Save what was typed upon `version` (0: upon the starter code); again changes nothing.

    Raises NewerDraft if another window was faster, SourceRefused, NotEnrolled, PlanRequired.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_SOURCE or not _is_text(source):
        raise SourceRefused(TOO_LONG)
    require_enrollment(user, assignment.lesson.course, lock=True)
    draft = Draft.objects.select_for_update().filter(user=user, assignment=assignment).first()
    if draft is None:
        draft = Draft(user=user, assignment=assignment, version=0)
    elif draft.source == source:
        return draft
    elif draft.version != version:
        raise NewerDraft(draft.source, draft.version)
    draft.source, draft.version, draft.saved_at = source, draft.version + 1, read_clock()
    draft.save()
    return draft


def _is_text(source: str) -> bool:
    try:
        source.encode("utf-8")
    except UnicodeError:
        return False
    return "\x00" not in source
