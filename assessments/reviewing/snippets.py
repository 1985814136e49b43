"""Words that reviewers keep to use again: their own, and those that others have shared."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.errors import AssessmentRefused
from assessments.models import Snippet

MOST = 200


class TooManySnippets(AssessmentRefused):
    """A list that is longer than anybody reads is no help at the desk."""

    message = format_lazy(
        _("You have {most} snippets. Delete one that you do not use any more."), most=MOST
    )


def snippets_for(reviewer: User) -> QuerySet[Snippet]:
    """What somebody may use, each with its owner."""
    mine_or_shared = Q(owner=reviewer) | Q(is_shared=True)
    return Snippet.objects.filter(mine_or_shared).select_related("owner")


def snippets_of(reviewer: User) -> QuerySet[Snippet]:
    """What somebody may change."""
    return Snippet.objects.filter(owner=reviewer)


@transaction.atomic
def add_snippet(owner: User, title: str, text: str, *, shared: bool) -> Snippet:
    """Keep a new one. Raises TooManySnippets."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if snippets_of(owner).count() >= MOST:
        raise TooManySnippets
    return Snippet.objects.create(owner=owner, title=title, text=text, is_shared=shared)


def change_snippet(snippet: Snippet, title: str, text: str, *, shared: bool) -> None:
    """What was sent with it before stays as it was sent."""
    Snippet.objects.filter(pk=snippet.pk).update(title=title, text=text, is_shared=shared)


def delete_snippet(snippet: Snippet) -> None:
    """Again changes nothing."""
    Snippet.objects.filter(pk=snippet.pk).delete()
