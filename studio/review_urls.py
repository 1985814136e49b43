"""Addresses of the reviewers: the queue, and the desk of one review."""

from django.urls import path
from django.views.generic import RedirectView

from studio.views import desk, desk_changes, desk_verbs, reviews

# Where questions about code were answered before there were reviews.
to_the_queue = RedirectView.as_view(url="/studio/reviews/?help=on")

urlpatterns = [
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/next/", reviews.review_next, name="next_review"),
    path("reviews/<uuid:pk>/", desk.review, name="review"),
    path("reviews/<uuid:pk>/changes/", desk_changes.changes, name="review_changes"),
    path("reviews/<uuid:pk>/claim/", desk_verbs.claim, name="claim_review"),
    path("reviews/<uuid:pk>/undo/", desk_verbs.undo, name="undo_review"),
    path("reviews/<uuid:pk>/answers/", desk_verbs.answer, name="answer_reply"),
    path("submissions/<uuid:pk>/review/", desk_verbs.open_one, name="review_submission"),
    path("help/", to_the_queue),
    path("help/<uuid:pk>/", to_the_queue),
]
