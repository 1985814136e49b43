"""The part of Stripe's API that our client uses, and nothing that it does not know."""

import copy
import re
from collections.abc import Callable
from typing import Any

from tests.doubles.stripe_endpoint import shapes
from tests.doubles.stripe_endpoint.life import Life
from tests.doubles.stripe_endpoint.shapes import Shape

PAGING = {"limit", "starting_after", "ending_before", "expand"}
CONFIRM = "subscription_update_confirm"
OVER = ("canceled", "incomplete_expired")
ROUTES: list[tuple[str, re.Pattern[str], set[str], Callable[..., Shape]]] = []


class Refusal(Exception):
    """An error in Stripe's shape."""

    def __init__(self, status: int, code: str, message: str, param: str = "") -> None:
        super().__init__(message)
        self.status = status
        kind = "idempotency_error" if code == "idempotency_error" else "invalid_request_error"
        error = {"message": message, "param": param, "type": kind}
        if code and code != kind:
            error["code"] = code
        self.body = {"error": error}


def route(method: str, path: str, *known: str) -> Callable[[Any], Any]:
    """Only `known` parameters are taken, besides those of every list."""
    pattern = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[\\w]+)", path))

    def note(view: Any) -> Any:
        ROUTES.append((method, pattern, {*known, "expand"}, view))
        return view

    return note


def answer(world: Life, method: str, path: str, params: dict[str, Any]) -> Shape:
    """Find who answers, refuse what it does not know, and open what was asked to be opened."""
    for wanted, pattern, known, view in ROUTES:
        match = pattern.fullmatch(path)
        if match and wanted == method:
            if odd := set(params) - known:
                raise Refusal(400, "parameter_unknown", f"Unknown: {sorted(odd)}", sorted(odd)[0])
            found = copy.deepcopy(view(world, params, **match.groupdict()))
            return expanded(world, found, params.get("expand", []))
    raise Refusal(404, "url_invalid", f"Unrecognized request URL ({method}: {path}).")


def expanded(world: Life, found: Shape, wishes: list[str]) -> Shape:
    things = found["data"] if found["object"] == "list" else [found]
    for wish in wishes:
        for thing in things:
            open_up(world, thing, wish.removeprefix("data."))
    return found


def open_up(world: Life, thing: Shape, name: str) -> None:
    """Stripe leaves these out unless they are asked for."""
    if thing["object"] == "invoice" and name == "payments":
        paid = world.all("invoice_payment", invoice=thing["id"])
        thing["payments"] = shapes.a_list(paid, "/v1/invoice_payments")
    elif thing["object"] == "charge" and name == "refunds":
        given = world.all("refund", charge=thing["id"])
        thing["refunds"] = shapes.a_list(given, f"/v1/charges/{thing['id']}/refunds")
    elif thing["object"] == "subscription" and name == "latest_invoice":
        thing[name] = world.objects["invoice"].get(thing[name])
    else:
        raise Refusal(400, "", f"This property cannot be expanded ({name}).", "expand")


def fetch(world: Life, kind: str, id: str) -> Shape:
    found = world.objects[kind].get(id)
    if found is None:
        raise Refusal(404, "resource_missing", f"No such {kind}: '{id}'", "id")
    return found


def page(params: dict[str, Any], path: str, found: list[Shape]) -> Shape:
    if after := params.get("starting_after"):
        ids = [one["id"] for one in found]
        if after not in ids:
            raise Refusal(404, "resource_missing", f"No such object: '{after}'", "starting_after")
        found = found[ids.index(after) + 1 :]
    return shapes.a_list(found, path, int(params.get("limit", 10)))


@route("POST", "/v1/customers", "email", "name", "metadata")
def make_customer(world: Life, params: dict[str, Any]) -> Shape:
    made = shapes.customer(world.new_id("cus"), world.now(), **told(params))
    world.tell("customer.created", world.keep(made))
    return made


@route("GET", "/v1/customers/<id>")
def show_customer(world: Life, params: dict[str, Any], id: str) -> Shape:
    found = fetch(world, "customer", id)
    if found.get("deleted"):
        return {"id": id, "object": "customer", "deleted": True}
    return found


@route("POST", "/v1/customers/<id>", "email", "name", "metadata")
def change_customer(world: Life, params: dict[str, Any], id: str) -> Shape:
    found = fetch(world, "customer", id)
    found.update(told(params))
    world.tell("customer.updated", found)
    return found


@route("GET", "/v1/customers/<id>/payment_methods", *PAGING, "type")
def list_methods(world: Life, params: dict[str, Any], id: str) -> Shape:
    if fetch(world, "customer", id).get("deleted"):
        raise Refusal(404, "resource_missing", f"No such customer: '{id}'", "customer")
    found = world.all("payment_method", customer=id)
    return page(params, f"/v1/customers/{id}/payment_methods", found)


@route("GET", "/v1/prices/<id>")
def show_price(world: Life, params: dict[str, Any], id: str) -> Shape:
    return fetch(world, "price", id)


SESSION = (
    "mode", "customer", "line_items", "success_url", "cancel_url", "client_reference_id",
    "subscription_data", "customer_update", "metadata", "currency", "automatic_tax",
    "billing_address_collection", "tax_id_collection",
)  # fmt: skip


@route("POST", "/v1/checkout/sessions", *SESSION)
def open_session(world: Life, params: dict[str, Any]) -> Shape:
    owner = fetch(world, "customer", params["customer"])
    if owner.get("deleted"):
        raise Refusal(400, "resource_missing", f"No such customer: '{owner['id']}'", "customer")
    sold = fetch(world, "price", params["line_items"][0]["price"])
    if not sold["active"]:
        raise Refusal(400, "price_inactive", "The price specified is inactive.", "line_items")
    if params.get("currency", sold["currency"]) != sold["currency"]:
        raise Refusal(400, "", "The price is not sold in that currency.", "currency")
    refuse_tax_without_address(params, sold)
    id = world.new_id("cs_test")
    world.asked[id] = params
    quantity = int(params["line_items"][0].get("quantity", 1))
    made = shapes.session(
        id, world.now(), f"{world.base}/c/pay/{id}", customer=owner["id"],
        amount_total=(sold["unit_amount"] or 0) * quantity, currency=sold["currency"],
        success_url=params["success_url"], cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
    )  # fmt: skip
    return world.keep(made)


def refuse_tax_without_address(params: dict[str, Any], sold: Shape) -> None:
    """Stripe counts a tax, or takes a tax number, of whom it may learn name and address."""
    kept = params.get("customer_update", {})
    for wish, name in (("automatic_tax", "address"), ("tax_id_collection", "name")):
        if params.get(wish, {}).get("enabled") == "true" and kept.get(name) != "auto":
            raise Refusal(400, "", f"Set `customer_update[{name}]` to 'auto'.", wish)
    if params.get("automatic_tax") and sold["tax_behavior"] == "unspecified":
        raise Refusal(400, "", "The price has no tax behavior.", "line_items")


@route("GET", "/v1/checkout/sessions/<id>")
def show_session(world: Life, params: dict[str, Any], id: str) -> Shape:
    return fetch(world, "checkout.session", id)


@route("POST", "/v1/checkout/sessions/<id>/expire")
def expire_session(world: Life, params: dict[str, Any], id: str) -> Shape:
    found = fetch(world, "checkout.session", id)
    if found["status"] != "open":
        raise Refusal(400, "", "Only Checkout Sessions with a status of open can be expired.")
    return world.expire(found)


@route("POST", "/v1/billing_portal/sessions", "customer", "return_url", "flow_data")
def open_portal(world: Life, params: dict[str, Any]) -> Shape:
    owner = fetch(world, "customer", params["customer"])
    flow = params.get("flow_data")
    if flow and flow["type"] == "subscription_update":
        fetch(world, "subscription", flow["subscription_update"]["subscription"])
    if flow and flow["type"] == CONFIRM:
        wish = flow[CONFIRM]
        found = fetch(world, "subscription", wish["subscription"])
        for part in wish["items"]:
            fetch_item(found, part["id"])
            fetch(world, "price", part["price"])
    id = world.new_id("bps")
    made = {
        "id": id, "object": "billing_portal.session", "created": world.now(), "flow": flow,
        "customer": owner["id"], "return_url": params["return_url"], "locale": None,
        "url": f"{world.base}/p/session/{id}",
    }  # fmt: skip
    return world.keep(made)


@route("GET", "/v1/subscriptions", *PAGING, "customer", "status")
def list_subscriptions(world: Life, params: dict[str, Any]) -> Shape:
    where = {"customer": params["customer"]} if "customer" in params else {}
    found, status = world.all("subscription", **where), params.get("status")
    if status is None:
        found = [one for one in found if one["status"] not in OVER]
    elif status != "all":
        found = [one for one in found if one["status"] == status]
    return page(params, "/v1/subscriptions", found)


@route("GET", "/v1/subscriptions/<id>")
def show_subscription(world: Life, params: dict[str, Any], id: str) -> Shape:
    return fetch(world, "subscription", id)


CHANGES = ("cancel_at_period_end", "cancel_at", "items", "proration_behavior")


@route("POST", "/v1/subscriptions/<id>", *CHANGES)
def change_subscription(world: Life, params: dict[str, Any], id: str) -> Shape:
    found = fetch(world, "subscription", id)
    if found["status"] in OVER:
        raise Refusal(404, "resource_missing", "A canceled subscription cannot be updated.", "id")
    if "cancel_at_period_end" in params and "cancel_at" in params:
        raise Refusal(
            400, "", "You may only specify one of these: cancel_at, cancel_at_period_end."
        )
    if "cancel_at_period_end" in params:
        wanted = params["cancel_at_period_end"] == "true"
        end = found["items"]["data"][0]["current_period_end"]
        found.update(cancel_at_period_end=wanted, cancel_at=end if wanted else None)
        found["canceled_at"] = world.now() if wanted else None
    if "cancel_at" in params:
        wish = params["cancel_at"]
        found.update(cancel_at=int(wish) if wish else None, cancel_at_period_end=False)
    for wish in params.get("items", []):
        part = fetch_item(found, wish["id"])
        part["quantity"] = int(wish.get("quantity", part["quantity"]))
    world.tell("customer.subscription.updated", found, items=None)
    return found


def fetch_item(subscription: Shape, id: str) -> Shape:
    for part in subscription["items"]["data"]:
        if part["id"] == id:
            return part
    raise Refusal(404, "resource_missing", f"No such subscription item: '{id}'", "items")


@route("POST", "/v1/invoices/create_preview", "customer", "subscription", "subscription_details")
def preview(world: Life, params: dict[str, Any]) -> Shape:
    found = fetch(world, "subscription", params["subscription"])
    if found["status"] in OVER or found["cancel_at_period_end"]:
        raise Refusal(404, "invoice_upcoming_none", "No upcoming invoices for this subscription.")
    wishes = params.get("subscription_details", {}).get("items", [])
    id = f"upcoming_in_{found['id']}"
    return world.draft_changed(id, found, wishes) if wishes else world.draft(id, found)


@route("GET", "/v1/invoices", *PAGING, "customer", "subscription", "status")
def list_invoices(world: Life, params: dict[str, Any]) -> Shape:
    found = world.all("invoice", **{k: params[k] for k in ("customer", "status") if k in params})
    if "subscription" in params:
        found = [one for one in found if world.subscription_of(one)["id"] == params["subscription"]]
    return page(params, "/v1/invoices", found)


@route("GET", "/v1/invoices/<id>")
def show_invoice(world: Life, params: dict[str, Any], id: str) -> Shape:
    return fetch(world, "invoice", id)


@route("GET", "/v1/invoices/<id>/lines", *PAGING)
def list_lines(world: Life, params: dict[str, Any], id: str) -> Shape:
    fetch(world, "invoice", id)
    return page(params, f"/v1/invoices/{id}/lines", world.lines[id])


@route("GET", "/v1/charges", *PAGING, "customer", "payment_intent")
def list_charges(world: Life, params: dict[str, Any]) -> Shape:
    where = {k: params[k] for k in ("customer", "payment_intent") if k in params}
    return page(params, "/v1/charges", world.all("charge", **where))


@route("GET", "/v1/refunds", *PAGING, "charge", "payment_intent")
def list_refunds(world: Life, params: dict[str, Any]) -> Shape:
    where = {k: params[k] for k in ("charge", "payment_intent") if k in params}
    return page(params, "/v1/refunds", world.all("refund", **where))


@route("GET", "/v1/disputes", *PAGING, "charge", "payment_intent")
def list_disputes(world: Life, params: dict[str, Any]) -> Shape:
    where = {k: params[k] for k in ("charge", "payment_intent") if k in params}
    return page(params, "/v1/disputes", world.all("dispute", **where))


@route("GET", "/v1/events", *PAGING, "created")
def list_events(world: Life, params: dict[str, Any]) -> Shape:
    since = int(params["created"]["gte"])
    found = [one for one in reversed(world.events) if one["created"] >= since]
    return page(params, "/v1/events", found)


def told(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "expand"}
