"""What `check --deploy` says of payments."""

import pytest
from django.core.management import CommandError, call_command

from billing.checks import messages_can_be_told_from_forged_ones as found
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
