"""Objects in the shape that Stripe gives them in the version our client speaks."""

from typing import Any

API_VERSION = "2026-10-28.endive"
DAYS = {"month": 30, "year": 365}

Shape = dict[str, Any]


def a_list(objects: list[Shape], url: str, most: int = 10) -> Shape:
    shown = objects[:most]
    return {"object": "list", "data": shown, "has_more": len(objects) > most, "url": url}


def customer(id: str, now: int, **told: Any) -> Shape:
    return {
        "id": id, "object": "customer", "address": None, "balance": 0, "created": now,
        "currency": None, "default_source": None, "delinquent": False, "description": None,
        "email": None, "invoice_settings": {"custom_fields": None, "default_payment_method": None,
        "footer": None, "rendering_options": None}, "livemode": False, "metadata": {},
        "name": None, "phone": None, "preferred_locales": [], "shipping": None,
        "tax_exempt": "none", "test_clock": None, **told,
    }  # fmt: skip


def price(id: str, now: int, amount: int | None, currency: str, interval: str) -> Shape:
    recurring = {
        "interval": interval, "interval_count": 1, "meter": None, "trial_period_days": None,
        "usage_type": "licensed",
    }  # fmt: skip
    return {
        "id": id, "object": "price", "active": True, "billing_scheme": "per_unit", "created": now,
        "currency": currency, "custom_unit_amount": None, "livemode": False, "lookup_key": None,
        "metadata": {}, "nickname": None, "product": f"prod_{id.removeprefix('price_')}",
        "recurring": recurring if interval else None, "tax_behavior": "inclusive",
        "tiers_mode": None, "transform_quantity": None,
        "type": "recurring" if interval else "one_time", "unit_amount": amount,
        "unit_amount_decimal": None if amount is None else str(amount),
    }  # fmt: skip


def session(id: str, now: int, url: str, **told: Any) -> Shape:
    return {
        "id": id, "object": "checkout.session", "amount_subtotal": None, "amount_total": None,
        "cancel_url": None, "client_reference_id": None, "client_secret": None, "created": now,
        "currency": None, "customer": None, "expires_at": now + 24 * 3600, "invoice": None,
        "livemode": False, "metadata": {}, "mode": "subscription", "payment_intent": None,
        "payment_status": "unpaid", "status": "open", "subscription": None, "success_url": None,
        "ui_mode": "hosted_page", "url": url, **told,
    }  # fmt: skip


def subscription(id: str, now: int, customer_id: str, items: list[Shape], **told: Any) -> Shape:
    return {
        "id": id, "object": "subscription", "automatic_tax": {"enabled": False},
        "billing_cycle_anchor": now, "billing_mode": {"type": "flexible"}, "cancel_at": None,
        "cancel_at_period_end": False, "canceled_at": None, "cancellation_details": {},
        "collection_method": "charge_automatically", "created": now, "currency": "eur",
        "customer": customer_id, "days_until_due": None, "default_payment_method": None,
        "default_source": None, "discounts": [], "ended_at": None,
        "items": a_list(items, f"/v1/subscription_items?subscription={id}"),
        "latest_invoice": None, "livemode": False, "metadata": {}, "pause_collection": None,
        "start_date": now, "status": "incomplete", "trial_end": None, "trial_start": None,
        **told,
    }  # fmt: skip


def item(id: str, price: Shape, quantity: int, start: int, end: int, **told: Any) -> Shape:
    return {
        "id": id, "object": "subscription_item", "created": start, "current_period_end": end,
        "current_period_start": start, "discounts": [], "metadata": {}, "price": price,
        "quantity": quantity, "tax_rates": [], **told,
    }  # fmt: skip


def line(
    id: str, description: str, amount: int, currency: str, quantity: int, start: int = 0,
    end: int = 0,
) -> Shape:  # fmt: skip
    return {
        "id": id, "object": "line_item", "amount": amount, "currency": currency,
        "description": description, "discount_amounts": [], "discounts": [], "livemode": False,
        "metadata": {}, "quantity": quantity, "subtotal": amount, "taxes": [],
        "period": {"start": start, "end": end},
    }  # fmt: skip


def invoice(id: str, now: int, subscription_id: str, lines: list[Shape], **told: Any) -> Shape:
    total = sum(one["amount"] for one in lines)
    details = {"metadata": {}, "subscription": subscription_id}
    parent = {
        "quote_details": None,
        "subscription_details": details,
        "type": "subscription_details",
    }
    return {
        "id": id, "object": "invoice", "amount_due": total, "amount_paid": 0,
        "amount_remaining": total, "attempt_count": 0, "attempted": False, "auto_advance": True,
        "billing_reason": "subscription_cycle", "collection_method": "charge_automatically",
        "created": now, "currency": "eur", "customer": None, "customer_address": None,
        "customer_email": None, "customer_name": None, "customer_tax_ids": [], "due_date": None,
        "effective_at": now, "hosted_invoice_url": None, "invoice_pdf": None,
        "lines": a_list(lines, f"/v1/invoices/{id}/lines"), "livemode": False, "metadata": {},
        "next_payment_attempt": None, "number": None, "parent": parent, "status": "draft",
        "status_transitions": {"finalized_at": None, "marked_uncollectible_at": None,
        "paid_at": None, "voided_at": None}, "subtotal": total, "subtotal_excluding_tax": total,
        "total": total, "total_discount_amounts": [], "total_excluding_tax": total,
        "total_taxes": [], **told,
    }  # fmt: skip


def invoice_payment(id: str, now: int, invoice: Shape, intent_id: str, status: str) -> Shape:
    return {
        "id": id, "object": "invoice_payment", "amount_paid": invoice["amount_paid"] or None,
        "amount_requested": invoice["amount_due"], "created": now,
        "currency": invoice["currency"], "invoice": invoice["id"], "is_default": True,
        "livemode": False, "payment": {"payment_intent": intent_id, "type": "payment_intent"},
        "status": status, "status_transitions": {"canceled_at": None, "paid_at": None},
    }  # fmt: skip


def charge(id: str, now: int, invoice: Shape, intent_id: str, **told: Any) -> Shape:
    return {
        "id": id, "object": "charge", "amount": invoice["amount_due"],
        "amount_captured": invoice["amount_due"], "amount_refunded": 0, "captured": True,
        "created": now, "currency": invoice["currency"], "customer": invoice["customer"],
        "disputed": False, "failure_code": None, "failure_message": None, "livemode": False,
        "metadata": {}, "paid": True, "payment_intent": intent_id, "payment_method": None,
        "refunded": False, "status": "succeeded", **told,
    }  # fmt: skip


def refund(id: str, now: int, charge: Shape, amount: int) -> Shape:
    return {
        "id": id, "object": "refund", "amount": amount, "charge": charge["id"], "created": now,
        "currency": charge["currency"], "metadata": {}, "reason": "requested_by_customer",
        "payment_intent": charge["payment_intent"], "status": "succeeded",
    }  # fmt: skip


def dispute(id: str, now: int, charge: Shape, status: str) -> Shape:
    return {
        "id": id, "object": "dispute", "amount": charge["amount"], "charge": charge["id"],
        "created": now, "currency": charge["currency"], "is_charge_refundable": False,
        "livemode": False, "metadata": {}, "payment_intent": charge["payment_intent"],
        "reason": "fraudulent", "status": status,
    }  # fmt: skip


def method(id: str, now: int, customer_id: str, kind: str, **details: Any) -> Shape:
    return {
        "id": id, "object": "payment_method", "allow_redisplay": "limited",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "created": now, "customer": customer_id, "livemode": False, "metadata": {}, "type": kind,
        kind: details,
    }  # fmt: skip


def event(id: str, now: int, type: str, about: Shape, before: Shape | None) -> Shape:
    data = {"object": about} | ({"previous_attributes": before} if before else {})
    return {
        "id": id, "object": "event", "api_version": API_VERSION, "created": now, "data": data,
        "livemode": False, "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None}, "type": type,
    }  # fmt: skip
