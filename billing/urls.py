"""Addresses: paying, and what was paid."""

from django.urls import include, path

from billing import views

app_name = "billing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("checkout/", views.checkout, name="checkout"),
    path("return/", views.returned, name="return"),
    path("cancel/", views.cancel, name="cancel"),
    path("resume/", views.resume, name="resume"),
    path("portal/", views.portal, name="portal"),
    path("seats/", include("billing.seat_urls")),
    path("invoices/<str:number>/", views.invoice, name="invoice"),
    path("invoices/<str:number>/file/", views.invoice_file, name="invoice_file"),
]
