"""What the page of snippets shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, Value, When

from accounts.models import User
from assessments.models import Snippet
from assessments.reviewing.snippets import snippets_for
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class SnippetsPage:
    """One's own come first, then those that others have shared."""

    page: Page[Snippet]
    own: Sequence[Snippet]
    shared: Sequence[Snippet]
    waiting: Waiting


def snippets_in_order(reviewer: User) -> QuerySet[Snippet]:
    theirs = Case(When(owner=reviewer, then=Value(0)), default=Value(1))
    return snippets_for(reviewer).order_by(theirs, "title", "pk")


def snippets_page(reviewer: User, number: str) -> SnippetsPage:
    """Three queries."""
    page: Page[Snippet] = Paginator(snippets_in_order(reviewer), PER_PAGE).get_page(number)
    own = [one for one in page if one.owner_id == reviewer.pk]
    return SnippetsPage(page, own, [one for one in page if one not in own], waiting())
