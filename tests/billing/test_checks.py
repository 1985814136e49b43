"""What `check --deploy` says of payments."""

import pytest
from django.core.management import CommandError, call_command

from billing.checks import messages_can_be_told_from_forged_ones as found
from billing.checks import tax_is_counted_where_things_are_sold
from tests.billing.seeing import KEY, SECRET


@pytest.mark.parametrize(
    ("key", "secret", "says"),
    [
        ("", "", ""),
        ("", SECRET, ""),
        (KEY, SECRET, ""),
        (KEY, "", "STRIPE_WEBHOOK_SECRET is not: messages are not heard."),
        (KEY, KEY, "STRIPE_WEBHOOK_SECRET is not a secret such as whsec_…."),
    ],
)
def test_a_key_without_a_secret_is_an_error(settings, key, secret, says):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = key, secret
    errors = found(None)
    assert len(errors) == bool(says)
    assert all(one.id == "billing.P11" and says in one.msg for one in errors)
    assert not any(KEY in str(one) for one in errors)


def test_the_deploy_check_asks(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, ""
    with pytest.raises(CommandError, match=r"billing\.P11"):
        call_command("check", "--deploy", "--tag", "security")


@pytest.mark.parametrize(
    ("key", "taxes", "told"), [("", True, 1), ("", False, 0), (KEY, True, 0), (KEY, False, 0)]
)
def test_tax_without_a_key_is_an_error(settings, key, taxes, told):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_AUTOMATIC_TAX = key, taxes
    assert [one.id for one in tax_is_counted_where_things_are_sold(None)] == ["billing.P12"] * told
