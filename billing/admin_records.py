"""Customers, subscriptions and what money moved, in the admin: to be read, and asked for again."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.read_only import ReadOnlyAdmin
from billing import deliveries, gateway
from billing.admin_columns import amount, renewal, who
from billing.errors import GatewayTrouble
from billing.models import (
    Checkout,
    Customer,
    Invoice,
    PaymentMethod,
    Reconciliation,
    Seat,
    Subscription,
    Transaction,
    WebhookDelivery,
)
from billing.syncing import look_and_write

# Somebody waits for each of them.
MOST_ASKED = 10


def ask_again(request: HttpRequest, customers: list[Customer]) -> None:
    """Look at Stripe for each of the customers, and say what that changed, or has no place here."""
    if len(customers) > MOST_ASKED:
        messages.error(request, _("Choose %(most_asked)s at most.") % {"most_asked": MOST_ASKED})
        return
    with gateway.for_a_page():
        for customer in customers:
            try:
                written = look_and_write(customer)
            except GatewayTrouble as trouble:
                messages.error(
                    request,
                    _("Customer %(customer)s: %(trouble)s Nothing was changed.")
                    % {"customer": customer, "trouble": trouble},
                )
                continue
            told = "; ".join([*written.changed, *written.unmatched]) or _(
                "everything was up to date"
            )
            say = messages.warning if written.unmatched else messages.success
            say(
                request,
                _("Customer %(customer)s: %(rstrip)s.")
                % {"customer": customer, "rstrip": told.rstrip(".")},
            )


class AskingAdmin(ReadOnlyAdmin):
    """Rows that lead to customers, who can be asked about. `leads`: how a customer finds them."""

    leads = "pk__in"
    actions = ["ask_stripe_again"]

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_customer")

    @admin.action(description=gettext_lazy("Ask Stripe again"), permissions=["ask"])
    def ask_stripe_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        found = Customer.objects.filter(**{self.leads: rows}).exclude(stripe_customer_id=None)
        ask_again(request, list(found.distinct()[: MOST_ASKED + 1]))


@admin.register(Customer)
class CustomerAdmin(AskingAdmin):
    list_display = ["user", "stripe_customer_id", "synced_at", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "=stripe_customer_id"]
    fields = ["user", "stripe_customer_id", "asked", "written", "synced_at", "created_at"]


@admin.register(Subscription)
class SubscriptionAdmin(AskingAdmin):
    leads = "subscriptions__in"
    list_display = [who, "price", "status", "quantity", renewal, "period_ends_at", "cancels_at"]
    list_filter = ["status", "price__plan"]
    list_select_related = ["customer__user", "price"]
    search_fields = ["customer__user__email", "=stripe_subscription_id"]
    exclude = ["renewal_amount"]
    readonly_fields: ClassVar[list[Any]] = [who, renewal]


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    """Whoever knows the invitation may take the seat: it is shown to nobody."""

    list_display = ["email", "user", "invited_at", "taken_at", "removed_at"]
    list_filter = [("taken_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["user__email", "email"]
    exclude = ["invitation"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Where somebody lives stands on the invoice, which is theirs."""

    moved = tuple(map(amount, ("total", "paid", "refunded")))
    list_display = ["number", who, "status", *moved, "issued_at"]
    list_filter = ["status", "currency"]
    list_select_related = ["customer__user"]
    search_fields = ["=number", "customer__user__email", "=stripe_invoice_id"]
    exclude = ["billed_to", "subtotal", "tax", "total", "paid", "refunded"]
    readonly_fields: ClassVar[list[Any]] = [who, amount("subtotal"), amount("tax"), *moved]


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    moved = amount("amount")
    list_display = ["kind", who, "status", moved, "invoice", "happened_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["customer__user", "invoice"]
    search_fields = ["=stripe_id", "customer__user__email"]
    exclude = ["amount"]
    readonly_fields: ClassVar[list[Any]] = [who, moved]


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnlyAdmin):
    list_display = ["kind", who, "brand", "last4", "expires_month", "expires_year", "is_default"]
    list_select_related = ["customer__user"]
    search_fields = ["customer__user__email"]
    exclude = ["stripe_payment_method_id"]


@admin.register(Checkout)
class CheckoutAdmin(ReadOnlyAdmin):
    """The session leads to a page on which somebody else could pay, or look."""

    list_display = [who, "price", "quantity", "opened_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["customer__user", "price"]
    search_fields = ["customer__user__email"]
    exclude = ["stripe_session_id"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What belongs to nobody waits here for somebody to decide."""

    actions = ["look_again", "dismiss"]
    list_display = ["id", "type", "state", "why", "tries", "received_at", "done_at"]
    list_filter = ["state", "type"]
    search_fields = ["=id", "=stripe_customer_id", "=stripe_object_id"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_webhookdelivery")

    @admin.action(
        description=gettext_lazy("Look after unmatched ones again"), permissions=["decide"]
    )
    def look_again(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        found = deliveries.look_again([row.pk for row in rows])
        messages.success(
            request, _("Looked after again, within a minute: %(found)s.") % {"found": found}
        )

    @admin.action(
        description=gettext_lazy("Unmatched ones are none of ours"), permissions=["decide"]
    )
    def dismiss(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        found = deliveries.dismiss([row.pk for row in rows])
        messages.success(request, _("None of ours: %(found)s.") % {"found": found})


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "finished_at", "looked_at", "trouble"]
