"""What a look saw, written into our rows under the customer's lock."""

from datetime import datetime

from accounts import audit
from billing import happenings
from billing.invoices import next_number
from billing.models import Customer, Invoice, PaymentMethod, Subscription, Transaction
from billing.seen import Seen, SeenInvoice, SeenMethod, SeenTransaction
from billing.subscription_writing import write_subscriptions
from billing.written import Written, change, set_fields


def write(customer: Customer, seen: Seen, began: datetime) -> Written:
    """Bring all rows of a locked customer up to what was seen by a look that began then."""
    written = Written()
    subscriptions = write_subscriptions(customer, seen.subscriptions, began, written)
    invoices = write_invoices(customer, seen.invoices, subscriptions, written)
    write_transactions(customer, seen.transactions, invoices, written)
    # Of somebody who was erased Stripe may still tell how they paid.
    write_methods(customer, [] if customer.user.deleted_at else seen.methods, written)
    return written


def write_invoices(
    customer: Customer,
    seen: list[SeenInvoice],
    subscriptions: dict[str, Subscription],
    written: Written,
) -> dict[str, Invoice]:
    """Write the invoices, the oldest first, so that numbers follow them; return them by id."""
    rows = Invoice.objects.filter(customer=customer).select_related("subscription__price")
    stored = {row.stripe_invoice_id: row for row in rows}
    for one in sorted(seen, key=lambda one: (one.issued_at, one.id)):
        subscription = subscriptions.get(one.subscription_id)
        row = stored.get(one.id)
        was = row.status if row else ""
        if row is None:
            row = stored[one.id] = new_invoice(customer, one, subscription)
            written.changed.append(f"invoice {row.number} is new: {one.status}")
        else:
            names = set_fields(row, what_changes(one, subscription))
            written.changed += change(f"invoice {row.number}", names, was, one.status)
        tell(customer, row, was)
    return stored


def new_invoice(customer: Customer, one: SeenInvoice, subscription: Subscription | None) -> Invoice:
    return Invoice.objects.create(
        number=next_number(one.issued_at.year),
        customer=customer,
        stripe_invoice_id=one.id,
        currency=one.currency,
        subtotal=one.subtotal,
        tax=one.tax,
        total=one.total,
        lines=one.lines,
        billed_to={} if customer.user.deleted_at else one.billed_to,
        issued_at=one.issued_at,
        **what_changes(one, subscription),
    )


def what_changes(one: SeenInvoice, subscription: Subscription | None) -> dict[str, object]:
    """What may come to an invoice after it was issued. All the rest stays as it was."""
    return {
        "subscription": subscription,
        "status": one.status,
        "paid": one.paid,
        "refunded": one.refunded,
        "paid_at": one.paid_at,
    }


def tell(customer: Customer, invoice: Invoice, was: str) -> None:
    """Record that it was paid, or that it is open because a payment failed. Nothing is free."""
    late = invoice.subscription and invoice.subscription.status == Subscription.Status.PAST_DUE
    if invoice.status == Invoice.Status.PAID and was != invoice.status and invoice.total > 0:
        happenings.invoice_paid(customer, invoice)
    elif invoice.status == Invoice.Status.OPEN and late:
        happenings.payment_failed(customer, invoice)


def write_transactions(
    customer: Customer,
    seen: list[SeenTransaction],
    invoices: dict[str, Invoice],
    written: Written,
) -> None:
    stored = {row.stripe_id: row for row in Transaction.objects.filter(customer=customer)}
    for one in sorted(seen, key=lambda one: (one.happened_at, one.id)):
        values = {
            "invoice_id": invoice.pk if (invoice := invoices.get(one.invoice_id)) else None,
            "kind": one.kind,
            "status": one.status,
            "currency": one.currency,
            "amount": one.amount,
            "happened_at": one.happened_at,
        }
        what = f"{one.kind.lower()} {one.id}"
        if row := stored.get(one.id):
            was = row.status
            written.changed += change(what, set_fields(row, values), was, one.status)
        else:
            made = Transaction.objects.create(customer=customer, stripe_id=one.id, **values)
            note_refund(customer, made)
            written.changed.append(f"{what} is new: {one.status}")


def note_refund(customer: Customer, made: Transaction) -> None:
    """Staff pay back at Stripe: who of them did is known there."""
    if made.kind == Transaction.Kind.REFUND:
        audit.note(
            "REFUNDED",
            made,
            person=customer.user_id,
            amount=made.amount,
            currency=made.currency,
        )


def write_methods(customer: Customer, seen: list[SeenMethod], written: Written) -> None:
    """Write how somebody pays; what they took away is forgotten."""
    rows = PaymentMethod.objects.filter(customer=customer)
    stored = {row.stripe_payment_method_id: row for row in rows}
    for key in stored.keys() - {one.id for one in seen}:
        stored[key].delete()
        written.changed.append(f"payment method {key} is gone")
    # The one that is no default any more comes before the one that is.
    for one in sorted(seen, key=lambda one: one.is_default):
        values = {
            "kind": one.kind,
            "brand": one.brand,
            "last4": one.last4,
            "expires_month": one.expires_month,
            "expires_year": one.expires_year,
            "is_default": one.is_default,
        }
        if row := stored.get(one.id):
            what = f"payment method {one.id}"
            written.changed += change(what, set_fields(row, values), "", "")
        else:
            row = PaymentMethod(customer=customer, stripe_payment_method_id=one.id, **values)
            row.save(force_insert=True)
            written.changed.append(f"payment method {one.id} is new")
