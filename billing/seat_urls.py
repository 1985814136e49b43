"""Addresses: seats. What stands last takes whatever no other address takes."""

from django.urls import path

from billing import invitation_views as invited
from billing import seat_views as views

urlpatterns = [
    path("", views.seats_page, name="seats"),
    path("quantity/", views.quantity, name="seat_quantity"),
    path("earlier/", views.earlier, name="seat_take_over"),
    path("taking/", invited.taking, name="seat_taking"),
    path("<uuid:seat_id>/removal/", views.removal, name="seat_removal"),
    path("<uuid:seat_id>/mail/", views.mail_again, name="seat_mail"),
    path("<uuid:seat_id>/leaving/", invited.leaving, name="seat_leaving"),
    path("<str:invitation>/", invited.invitation, name="seat_invitation"),
]
