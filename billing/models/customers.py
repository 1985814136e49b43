"""Who buys: one customer at Stripe for each person, how they pay, and the checkout they are in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.keys import uuid7
from billing.models.plans import Price
from courses.models import Course


class Customer(models.Model):
    """A person as Stripe knows them. Everything of Stripe's about them is written under this row.

    Each look at Stripe takes the next number of `asked`; what it saw is written only if no later
    look was written before (`written`): see `syncing`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="customer"
    )
    stripe_customer_id = models.CharField(max_length=255, unique=True, null=True, editable=False)
    asked = models.PositiveBigIntegerField(default=0, editable=False)
    written = models.PositiveBigIntegerField(default=0, editable=False)
    synced_at = models.DateTimeField(null=True, editable=False)
    # The address that Stripe was last told, and the moment before which nobody tells them anything.
    told_email = models.EmailField(
        max_length=254, blank=True, default="", db_default="", editable=False
    )
    tell_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(written__lte=models.F("asked")), name="customer_written_was_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_customer_id or str(self.pk)


class PaymentMethod(models.Model):
    """How somebody pays, as far as anybody needs to know: never more than this of a card."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="payment_methods", db_index=False
    )
    stripe_payment_method_id = models.CharField(max_length=255, unique=True)
    # card, paypal, sepa_debit, customer_balance (a bank transfer) …
    kind = models.CharField(max_length=40)
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_month = models.PositiveSmallIntegerField(null=True, blank=True)
    expires_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_default=True),
                name="payment_method_default_once",
            ),
            models.CheckConstraint(
                condition=Q(last4="") | Q(last4__regex=r"^\w{4}$"),
                name="payment_method_shows_four_signs",
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="payment_method_of_customer")]

    def __str__(self) -> str:
        return f"{self.brand or self.kind} {self.last4}".strip()


class Checkout(models.Model):
    """A checkout that somebody began. Its key makes Stripe open one session however often asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="checkouts", db_index=False
    )
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(default=1)
    # Where they stood before a lock, and are led back to.
    course = models.ForeignKey(
        Course, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    stripe_session_id = models.CharField(max_length=255, unique=True, null=True, editable=False)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(closed_at=None), name="checkout_open_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="checkout_buys_something"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
