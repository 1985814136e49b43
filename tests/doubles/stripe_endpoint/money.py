"""Invoices and what is paid for them, and what is asked back."""

import copy

from tests.doubles.stripe_endpoint import shapes
from tests.doubles.stripe_endpoint.shapes import Shape
from tests.doubles.stripe_endpoint.store import Store

OVER = ("canceled", "incomplete_expired")
WAITING = ("incomplete", "past_due", "unpaid")


class Money(Store):
    # Included in every amount, in percent.
    tax_percent = 0

    def draft(self, id: str, subscription: Shape, amount: int | None = None) -> Shape:
        """An invoice for what the subscription holds now."""
        part = subscription["items"]["data"][0]
        owner = self.get("customer", subscription["customer"])
        unit, quantity, currency = (
            part["price"]["unit_amount"], part["quantity"], part["price"]["currency"],
        )  # fmt: skip
        amount = unit * quantity if amount is None else amount
        words = f"{quantity} × {part['price']['product']}"
        period = (part["current_period_start"], part["current_period_end"])
        lines = [shapes.line(self.new_id("il"), words, amount, currency, quantity, *period)]
        self.lines[id] = lines
        made = shapes.invoice(
            id, self.now(), subscription["id"], lines, currency=currency, customer=owner["id"],
            customer_name=owner["name"], customer_email=owner["email"],
            customer_address=owner["address"],
        )  # fmt: skip
        if self.tax_percent:
            tax = round(amount * self.tax_percent / (100 + self.tax_percent))
            made["total_taxes"] = [{"amount": tax, "tax_behavior": "inclusive"}]
            made.update(total_excluding_tax=amount - tax, subtotal_excluding_tax=amount - tax)
        return made

    def draft_changed(self, id: str, subscription: Shape, wishes: list[Shape]) -> Shape:
        """An invoice for another quantity, with what is left of this period evened out."""
        changed = copy.deepcopy(subscription)
        part = changed["items"]["data"][0]
        (wish,) = wishes
        unit, before, part["quantity"] = (
            part["price"]["unit_amount"], part["quantity"], int(wish["quantity"]),
        )  # fmt: skip
        start, end = part["current_period_start"], part["current_period_end"]
        left = max(0, end - self.now()) / (end - start)
        evened = round(unit * (part["quantity"] - before) * left)
        return self.draft(id, changed, unit * part["quantity"] + evened)

    def bill(self, subscription: Shape, reason: str, amount: int | None = None) -> Shape:
        """Finalise an invoice, so that it is open."""
        made = self.keep(self.draft(self.new_id("in"), subscription, amount))
        made["billing_reason"] = reason
        self.tell("invoice.created", made)
        made["status"] = "open"
        made["status_transitions"]["finalized_at"] = self.now()
        made["number"] = f"D{self.mark.upper()}-{len(self.objects['invoice']):04}"
        made["hosted_invoice_url"] = f"{self.base}/i/{made['id']}"
        made["invoice_pdf"] = f"{self.base}/i/{made['id']}/pdf"
        subscription["latest_invoice"] = made["id"]
        self.tell("invoice.finalized", made)
        return made

    def collect(self, invoice: str | Shape) -> Shape:
        """The open invoice is paid, and its subscription is active again."""
        invoice = self.get("invoice", invoice)
        subscription = self.subscription_of(invoice)
        invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1, status="paid")
        invoice.update(amount_paid=invoice["amount_due"], amount_remaining=0)
        invoice["status_transitions"]["paid_at"] = self.now()
        if invoice["amount_due"]:
            made = shapes.charge(self.new_id("ch"), self.now(), invoice, self.intent_of(invoice))
            made["payment_method"] = subscription["default_payment_method"]
            self.pay(invoice, "paid")
            self.tell("charge.succeeded", self.keep(made))
        self.tell("invoice.paid", invoice)
        self.tell("invoice.payment_succeeded", invoice)
        if subscription["status"] in WAITING and not self.open_invoices(subscription):
            self.become(subscription, "active")
        return invoice

    def decline(self, invoice: str | Shape) -> Shape:
        """The card is declined; a subscription that ran so far is late now."""
        invoice = self.get("invoice", invoice)
        subscription = self.subscription_of(invoice)
        invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
        invoice["next_payment_attempt"] = self.now() + 3 * 24 * 3600
        failed = shapes.charge(
            self.new_id("ch"), self.now(), invoice, self.intent_of(invoice), status="failed",
            paid=False, captured=False, amount_captured=0, failure_code="card_declined",
            failure_message="Your card was declined.",
        )  # fmt: skip
        self.pay(invoice, "open")
        self.tell("charge.failed", self.keep(failed))
        self.tell("invoice.payment_failed", invoice)
        if subscription["status"] in ("active", "trialing"):
            self.become(subscription, "past_due")
        return invoice

    def void(self, invoice: str | Shape) -> Shape:
        invoice = self.get("invoice", invoice)
        invoice["status"] = "void"
        invoice["status_transitions"]["voided_at"] = self.now()
        self.tell("invoice.voided", invoice)
        return invoice

    def refund(self, charge: str | Shape, amount: int | None = None) -> Shape:
        """All that is left of it, or a part."""
        with self.lock:
            charge = self.get("charge", charge)
            amount = charge["amount"] - charge["amount_refunded"] if amount is None else amount
            made = self.keep(shapes.refund(self.new_id("re"), self.now(), charge, amount))
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self.tell("refund.created", made)
            self.tell("charge.refunded", charge)
            return made

    def dispute(self, charge: str | Shape, status: str = "needs_response") -> Shape:
        with self.lock:
            charge = self.get("charge", charge)
            charge["disputed"] = True
            made = self.keep(shapes.dispute(self.new_id("dp"), self.now(), charge, status))
            self.tell("charge.dispute.created", made)
            return made

    def close_dispute(self, dispute: str | Shape, status: str = "won") -> Shape:
        with self.lock:
            dispute = self.get("dispute", dispute)
            dispute["status"] = status
            self.tell("charge.dispute.closed", dispute)
            return dispute

    def open_invoices(self, subscription: Shape) -> list[Shape]:
        return [one for one in self.invoices_of(subscription) if one["status"] == "open"]

    def invoices_of(self, subscription: str | Shape) -> list[Shape]:
        """Newest first."""
        id = self.get("subscription", subscription)["id"]
        found = self.all("invoice")
        return [one for one in found if self.subscription_of(one)["id"] == id]

    def charges_of(self, subscription: str | Shape) -> list[Shape]:
        """Newest first, declined ones too."""
        intents = {self.intent_of(one) for one in self.invoices_of(subscription)}
        return [one for one in self.all("charge") if one["payment_intent"] in intents]

    def subscription_of(self, invoice: Shape) -> Shape:
        return self.get("subscription", invoice["parent"]["subscription_details"]["subscription"])

    def intent_of(self, invoice: Shape) -> str:
        return invoice["id"].replace("in_", "pi_", 1)

    def pay(self, invoice: Shape, status: str) -> None:
        """Keep the one payment that an invoice has here."""
        id = invoice["id"].replace("in_", "inpay_", 1)
        intent = self.intent_of(invoice)
        self.keep(shapes.invoice_payment(id, self.now(), invoice, intent, status))

    def become(self, subscription: Shape, status: str) -> Shape:
        """Give it another state, and tell it."""
        before = subscription["status"]
        subscription["status"] = status
        if status in OVER:
            subscription["ended_at"] = self.now()
        told = "deleted" if status == "canceled" else "updated"
        self.tell(f"customer.subscription.{told}", subscription, status=before)
        return subscription
