"""Pages for a browser: Checkout, the portal, an invoice, and a desk from which months go by."""

import html
from typing import TYPE_CHECKING, Any

from tests.doubles.stripe_endpoint.api import CONFIRM
from tests.doubles.stripe_endpoint.shapes import Shape

if TYPE_CHECKING:
    from tests.doubles.stripe_endpoint import StripeEndpoint
    from tests.doubles.stripe_endpoint.server import Handler

FRAME = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
form {{ display: inline }} button {{ font: inherit; padding: .5rem 1rem; margin: .25rem 0 }}</style>
<main><h1>{title}</h1>{body}</main></html>"""


def serve(handler: "Handler", world: "StripeEndpoint", path: str, form: dict[str, Any]) -> None:
    parts = [part for part in path.split("/") if part]
    with world.lock:
        match parts:
            case []:
                answer = desk(world, form)
            case ["c", "pay", id] if id in world.objects["checkout.session"]:
                answer = checkout(world, id, form)
            case ["p", "session", id] if id in world.objects["billing_portal.session"]:
                answer = portal(world, id, form)
            case ["i", id, *_] if id in world.objects["invoice"]:
                answer = invoice(world, id)
            case _:
                answer = (404, FRAME.format(title="Nothing is here", body=""))
    status, content = answer
    if status == 303:
        handler.send(303, b"", "text/plain", Location=content)
    else:
        handler.send(status, content.encode(), "text/html; charset=utf-8")


def checkout(world: "StripeEndpoint", id: str, form: dict[str, Any]) -> tuple[int, str]:
    session = world.get("checkout.session", id)
    if session["status"] != "open":
        return 200, FRAME.format(title="This checkout is over", body="")
    said = ""
    if form.get("do") == "pay":
        world.complete(id)
        return 303, session["success_url"].replace("{CHECKOUT_SESSION_ID}", id)
    if form.get("do") == "back":
        return 303, session["cancel_url"]
    if form.get("do") == "fail":
        said = '<p role="alert">Your card was declined.</p>'
    amount = f"<p>{session['amount_total']} {session['currency']}, in the smallest unit</p>"
    names = {"pay": "Pay", "fail": "Pay with a card that fails", "back": "Back"}
    return 200, FRAME.format(title="Checkout", body=said + amount + buttons(names))


def portal(world: "StripeEndpoint", id: str, form: dict[str, Any]) -> tuple[int, str]:
    session = world.get("billing_portal.session", id)
    if form.get("do") == "back":
        return 303, session["return_url"]
    running = [
        one
        for one in world.all("subscription", customer=session["customer"])
        if one["status"] in ("active", "trialing", "past_due", "unpaid")
    ]
    if form.get("do") == "confirm":
        wish = session["flow"][CONFIRM]
        part = wish["items"][0]
        world.change(wish["subscription"], part["price"], int(part["quantity"]))
        return 303, session["return_url"]
    if form and running:
        change(world, running[0], form)
    body = "".join(line_of(one) for one in running)
    if (session["flow"] or {}).get("type") == CONFIRM:
        words = buttons({"confirm": "Confirm", "back": "Back"})
        return 200, FRAME.format(title="Confirm the change", body=body + words)
    names = {"card": "Use another card", "cancel": "Cancel at the end", "resume": "Keep it"}
    body += buttons(names | {"pay_late": "Pay what is open"})
    for price in world.all("price", active=True):
        body += buttons({f"to {price['id']}": f"Change to {price['id']}"})
    return 200, FRAME.format(title="Your subscription", body=body + buttons({"back": "Back"}))


def change(world: "StripeEndpoint", subscription: Shape, form: dict[str, Any]) -> None:
    """What somebody chose in the portal, or at the desk."""
    wish, _, price = form["do"].partition(" ")
    if wish == "card":
        made = world.method(subscription["customer"], brand="mastercard", last4="4444")
        subscription["default_payment_method"] = made["id"]
        world.tell("customer.subscription.updated", subscription, default_payment_method=None)
    elif wish == "cancel":
        world.cancel(subscription, at_period_end=True)
    elif wish == "resume":
        subscription.update(cancel_at=None, cancel_at_period_end=False, canceled_at=None)
        world.tell("customer.subscription.updated", subscription, cancel_at=1)
    elif wish == "to":
        world.change(subscription, price)
    elif wish == "refund":
        world.refund(world.charges_of(subscription)[0])
    elif wish in ("renew", "fail", "pay_late", "give_up"):
        getattr(world, wish)(subscription)


def desk(world: "StripeEndpoint", form: dict[str, Any]) -> tuple[int, str]:
    """Where the one who looks at the site by hand lets things happen."""
    if form:
        change(world, world.get("subscription", form["about"]), form)
    names = {
        "renew": "Renew", "fail": "Renew, the card fails", "pay_late": "Pay late",
        "give_up": "Give up", "cancel": "Cancel at the end", "refund": "Refund the last payment",
    }  # fmt: skip
    body = "".join(line_of(one) + buttons(names, one["id"]) for one in world.all("subscription"))
    return 200, FRAME.format(title="The desk", body=body or "<p>No subscription so far.</p>")


def invoice(world: "StripeEndpoint", id: str) -> tuple[int, str]:
    found = world.get("invoice", id)
    words = f"<p>{found['number']}: {found['total']} {found['currency']}, {found['status']}</p>"
    return 200, FRAME.format(title="Invoice", body=words)


def line_of(subscription: Shape) -> str:
    part = subscription["items"]["data"][0]
    words = f"{subscription['id']}: {part['price']['id']} × {part['quantity']}, "
    ends = ", ends" if subscription["cancel_at"] or subscription["cancel_at_period_end"] else ""
    return f"<p>{html.escape(words + subscription['status'] + ends)}</p>"


def buttons(names: dict[str, str], about: str = "") -> str:
    hidden = f'<input type="hidden" name="about" value="{about}">' if about else ""
    return " ".join(
        f'<form method="post">{hidden}<button name="do" value="{html.escape(wish)}">'
        f"{html.escape(name)}</button></form>"
        for wish, name in names.items()
    )
