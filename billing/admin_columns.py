"""Columns of the admin that money needs: amounts as pages show them, and whose they are."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.amounts import money
from billing.models import Price, Subscription


def amount(field: str) -> Callable[[Any], str]:
    """A column of a row that says its currency: "12 €", where 1200 is stored."""

    @admin.display(description=_(field), ordering=field)
    def column(row: Any) -> str:
        return money(getattr(row, field), row.currency)

    column.__name__ = field
    return column


@admin.display(description=_("who"), ordering="customer__user__email")
def who(row: Any) -> str:
    return str(row.customer.user.email)


@admin.display(description=_("costs"), ordering="amount")
def costs(price: Price) -> str:
    return f"{money(price.amount, price.currency)} {price.get_interval_display()}"


@admin.display(description=_("next invoice"), ordering="renewal_amount")
def renewal(subscription: Subscription) -> str:
    due = subscription.renewal_amount
    return "" if due is None else money(due, subscription.price.currency)
