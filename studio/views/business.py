"""What the owner of the school looks at: who learns, what plans come to, what the runner does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.pages.business import business_page
from studio.views.motivation import with_right

SEES_PAYMENTS = "billing.view_subscription"


@require_safe
@with_right(SEES_PAYMENTS)
def business(request: HttpRequest) -> HttpResponse:
    """For those of the staff who may see who pays."""
    return render(request, "studio/business.html", {"page": business_page(), "nav": "studio"})
