"""What happens at Stripe without our asking: people pay, cards fail, months go by."""

from typing import Any

from tests.doubles.stripe_endpoint import shapes
from tests.doubles.stripe_endpoint.money import OVER, Money
from tests.doubles.stripe_endpoint.shapes import DAYS, Shape

ONE_DAY = 24 * 3600


class Life(Money):
    """The verbs take ids or objects, and return the object they are about."""

    def price(
        self, id: str, amount: int | None = 1200, currency: str = "eur", interval: str = "month"
    ) -> Shape:
        with self.lock:
            return self.keep(shapes.price(id, self.now(), amount, currency, interval))

    def customer(self, email: str = "ada@example.org", name: str = "Ada", **told: Any) -> Shape:
        with self.lock:
            made = shapes.customer(self.new_id("cus"), self.now(), email=email, name=name, **told)
            self.tell("customer.created", self.keep(made))
            return made

    def method(
        self, customer: str | Shape, kind: str = "card", default: bool = False, **details: Any
    ) -> Shape:
        """A way to pay; a card shows what Stripe shows of one unless told otherwise."""
        with self.lock:
            owner = self.get("customer", customer)
            if kind == "card":
                card = {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031}
                details = {**card, "fingerprint": "Xt5EWLLDS7FJjR1c", "funding": "credit"} | details
            made = self.keep(
                shapes.method(self.new_id("pm"), self.now(), owner["id"], kind, **details)
            )
            self.tell("payment_method.attached", made)
            if default:
                owner["invoice_settings"]["default_payment_method"] = made["id"]
                self.tell("customer.updated", owner)
            return made

    def delete_customer(self, customer: str | Shape) -> Shape:
        """Somebody at the desk deletes a customer: what they had ends."""
        with self.lock:
            owner = self.get("customer", customer)
            for one in self.all("subscription", customer=owner["id"]):
                if one["status"] not in OVER:
                    self.cancel(one)
            owner["deleted"] = True
            self.tell("customer.deleted", owner)
            return owner

    def complete(self, session: str | Shape, paid: bool = True) -> Shape:
        """The customer pays at Checkout. Not `paid`: by a method that failed some time after."""
        with self.lock:
            session = self.get("checkout.session", session)
            if session["status"] != "open":
                raise ValueError("That session is not open.")
            asked = self.asked[session["id"]]
            first = asked["line_items"][0]
            made = self.subscribe(
                session["customer"],
                first["price"],
                int(first.get("quantity", 1)),
                paid,
                int(asked.get("subscription_data", {}).get("trial_period_days", 0)),
            )
            session.update(
                status="complete", url=None, subscription=made["id"],
                invoice=made["latest_invoice"], payment_status="paid" if paid else "unpaid",
            )  # fmt: skip
            self.tell("checkout.session.completed", session)
            return made

    def expire(self, session: str | Shape) -> Shape:
        with self.lock:
            session = self.get("checkout.session", session)
            session.update(status="expired", url=None)
            self.tell("checkout.session.expired", session)
            return session

    def subscribe(
        self,
        customer: str | Shape,
        price: str | Shape,
        quantity: int = 1,
        paid: bool = True,
        trial_days: int = 0,
    ) -> Shape:
        """A subscription with its first invoice, as Checkout leaves it."""
        with self.lock:
            owner, sold, start = (
                self.get("customer", customer),
                self.get("price", price),
                self.now(),
            )
            days = trial_days or DAYS[sold["recurring"]["interval"]]
            end = start + days * ONE_DAY
            id = self.new_id("sub")
            part = shapes.item(self.new_id("si"), sold, quantity, start, end, subscription=id)
            trial_ends = end if trial_days else None
            made = shapes.subscription(
                id, start, owner["id"], [part], currency=sold["currency"], trial_end=trial_ends,
                trial_start=start if trial_days else None,
                default_payment_method=self.method(owner)["id"],
            )  # fmt: skip
            self.tell("customer.subscription.created", self.keep(made))
            if trial_days:
                self.become(made, "trialing")
            invoice = self.bill(made, "subscription_create", amount=0 if trial_days else None)
            if paid:
                self.collect(invoice)
            else:
                self.decline(invoice)
            return made

    def renew(self, subscription: str | Shape, paid: bool = True) -> Shape:
        """Its period is over: the next one is billed, or it ends if that was wished."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            part = subscription["items"]["data"][0]
            if subscription["cancel_at_period_end"] or subscription["cancel_at"]:
                return self.cancel(subscription)
            start = part["current_period_end"]
            length = DAYS[part["price"]["recurring"]["interval"]] * ONE_DAY
            part.update(current_period_start=start, current_period_end=start + length)
            if subscription["status"] == "trialing":
                self.become(subscription, "active")
            invoice = self.bill(subscription, "subscription_cycle")
            if paid:
                self.collect(invoice)
            else:
                self.decline(invoice)
            return subscription

    def fail(self, subscription: str | Shape) -> Shape:
        """It is renewed, and the card is declined."""
        return self.renew(subscription, paid=False)

    def fail_again(self, subscription: str | Shape) -> Shape:
        """Stripe tries the card once more, for nothing."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            self.decline(self.open_invoices(subscription)[0])
            return subscription

    def pay_late(self, subscription: str | Shape) -> Shape:
        """What is open is paid after all."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            for invoice in self.open_invoices(subscription):
                self.collect(invoice)
            return subscription

    def give_up(self, subscription: str | Shape, status: str = "canceled") -> Shape:
        """Stripe stops trying: what was never paid expires, the rest becomes `status`."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            if subscription["status"] == "incomplete":
                for invoice in self.open_invoices(subscription):
                    self.void(invoice)
                return self.become(subscription, "incomplete_expired")
            if status == "canceled":
                return self.cancel(subscription)
            return self.become(subscription, status)

    def cancel(self, subscription: str | Shape, at_period_end: bool = False) -> Shape:
        """At once, or as the portal does it: by the moment of its end."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            if not at_period_end:
                subscription.update(canceled_at=self.now(), cancel_at_period_end=False)
                return self.become(subscription, "canceled")
            end = subscription["items"]["data"][0]["current_period_end"]
            subscription.update(cancel_at=end, canceled_at=self.now())
            self.tell("customer.subscription.updated", subscription, cancel_at=None)
            return subscription

    def change(
        self, subscription: str | Shape, price: str | None = None, quantity: int | None = None
    ) -> Shape:
        """Another plan or another number of seats, as the portal does it."""
        with self.lock:
            subscription = self.get("subscription", subscription)
            part = subscription["items"]["data"][0]
            if price is not None:
                part["price"] = self.get("price", price)
                subscription["currency"] = part["price"]["currency"]
            if quantity is not None:
                part["quantity"] = quantity
            self.tell("customer.subscription.updated", subscription, items=None)
            return subscription
