def carry_out(accounts, orders):
    """Return the accounts after all orders. Raises KeyError or ValueError if one is refused."""
