"""What is said of payments in the environment: wrong with one sentence."""

import pytest

from tests.lms.test_model_settings import start

SHOW = "print(s.STRIPE_AUTOMATIC_TAX)"


@pytest.mark.parametrize(("said", "is_on"), [("1", True), ("true", True), ("0", False)])
def test_tax_is_counted_where_that_is_said(said, is_on):
    assert start(SHOW, STRIPE_AUTOMATIC_TAX=said).stdout.strip() == str(is_on)


def test_what_is_neither_yes_nor_no_ends_the_start():
    ended = start("", STRIPE_AUTOMATIC_TAX="maybe")
    assert ended.returncode == 1
    assert "STRIPE_AUTOMATIC_TAX" in ended.stderr.splitlines()[-1]
