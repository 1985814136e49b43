"""Where messages of payment providers come in."""

from django.urls import path

from billing import webhook_views

urlpatterns = [path("stripe/", webhook_views.stripe, name="stripe_webhook")]
