"""What reviewers said of code of the same form: kept once, shown to all whose code is alike."""

from collections.abc import Iterable

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from assessments.analyser.forms import line_across
from assessments.models import Remark, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK

MOST = 20


def remarks_for(submission: Submission) -> list[Remark]:
    """Remarks for all whose code has this form, at this code's lines. At most two queries.

    Each says in `reviewer` who made it. Nothing says about whose code.
    """
    mine = forms_of(submission).values_list("form", "form_places").first()
    if mine is None:
        return []
    form, here = mine
    theirs = SubmissionAnalysis.objects.rules().filter(
        submission=OuterRef("analysis__submission"), form=form
    )
    rows = (
        sent_for_alike()
        .filter(analysis__submission__assignment=submission.assignment_id)
        .exclude(analysis__submission=submission.pk)
        .annotate(
            places=Subquery(theirs.values("form_places")[:1]),
            reviewer=F("analysis__submission__review__reviewer__name"),
        )
        .filter(places__isnull=False)
        .order_by("-analysis__submission__review__sent_at", "position", "pk")
    )
    found = list(rows[:MOST])
    for one in found:
        if one.line is not None:
            one.line = line_across(one.line, one.places, here)
    return without_repeats(found)


def count_alike(submission: Submission) -> int:
    """How many other learners have handed in code of this form. One query."""
    form = forms_of(submission).values("form")[:1]
    others = SubmissionAnalysis.objects.rules().filter(
        form=Subquery(form),
        submission__assignment=submission.assignment_id,
        submission__in=Submission.objects.of_learners(),
    )
    people = others.exclude(submission__user=submission.user_id).values("submission__user")
    return people.distinct().count()


def forms_of(submission: Submission) -> QuerySet[SubmissionAnalysis]:
    """Its analysis by rules, if they found a form."""
    return SubmissionAnalysis.objects.rules().filter(submission=submission).exclude(form="")


def sent_for_alike() -> QuerySet[Remark]:
    """Remarks of people that are meant for more than one learner, and out."""
    kept = Q(drafted="") | Q(verdict__in=[Remark.Verdict.ACCEPTED, Remark.Verdict.EDITED])
    by_people = [SubmissionAnalysis.Kind.MANUAL, SubmissionAnalysis.Kind.HYBRID]
    return Remark.objects.filter(
        kept,
        for_alike=True,
        analysis__kind__in=by_people,
        analysis__submission__review__sent_at__lte=CLOCK,
    )


def without_repeats(remarks: Iterable[Remark]) -> list[Remark]:
    """Two reviewers, or one twice, may have said the same."""
    said: dict[tuple[str, int | None], Remark] = {}
    for one in remarks:
        said.setdefault((one.text.strip(), one.line), one)
    return list(said.values())
