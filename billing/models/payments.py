"""What money moved: invoices, numbered without gaps, and payments, refunds, disputes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.school import school
from billing.amounts import money
from billing.models.customers import Customer
from billing.models.subscriptions import Subscription


class InvoiceCounter(models.Model):
    """The last number of a year. Locked while the next one is given, so that none is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


def who_sells() -> list[str]:
    """The school as it stands on an invoice, a line each."""
    return [school().title, *settings.SELLER]


class Invoice(models.Model):
    """An invoice that Stripe finalised. Number, lines, who sold and who bought stay."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        VOID = "void", _("Void")
        UNCOLLECTIBLE = "uncollectible", _("Not paid")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # INV-2026-001; more digits once there are more than 999 in a year.
    number = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, null=True, related_name="invoices"
    )
    stripe_invoice_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=13, choices=Status)
    currency = models.CharField(max_length=3)
    # All in the smallest unit of the currency.
    subtotal = models.BigIntegerField()
    tax = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    # [{"description": …, "quantity": 1, "amount": 1200}], as Stripe worded them; of a time, with
    # the moments "starts" and "ends".
    lines = models.JSONField(default=list)
    billed_to = models.JSONField(default=dict, help_text="Name, email and address, as they were.")
    seller = models.JSONField(default=who_sells, help_text="Name and address, as they were.")
    issued_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["customer", "-issued_at"], name="invoice_of_customer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^INV-\d{4}-\d{3,}$"), name="invoice_is_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def due(self) -> int:
        """What is still to be paid."""
        return max(self.total - self.paid, 0) if self.status == self.Status.OPEN else 0


class Transaction(models.Model):
    """Money that moved, or was asked back. `amount` is what it moved, never negative."""

    class Kind(models.TextChoices):
        PAYMENT = "PAYMENT", _("Payment")
        REFUND = "REFUND", _("Refund")
        DISPUTE = "DISPUTE", _("Dispute")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="transactions", db_index=False
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, related_name="transactions"
    )
    # ch_…, re_…, dp_…
    stripe_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # As Stripe says it: succeeded, pending, failed; of disputes: needs_response, won, lost …
    status = models.CharField(max_length=30)
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField()
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-happened_at"], name="transaction_of_customer")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {money(self.amount, self.currency)}"
