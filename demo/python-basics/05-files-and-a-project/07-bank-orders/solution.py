def deposit(accounts, name, cents):
    """Put cents into an account."""
    if cents <= 0:
        raise ValueError("The amount must be more than zero.")
    # The old amount is looked up first, so that an unknown name is a KeyError.
    accounts[name] = accounts[name] + cents


def withdraw(accounts, name, cents):
    """Take cents out of an account."""
    if cents <= 0:
        raise ValueError("The amount must be more than zero.")
    if accounts[name] < cents:
        raise ValueError("There is not enough money.")
    accounts[name] = accounts[name] - cents


def carry_out(accounts, orders):
    """Return the accounts after all orders. Raises KeyError or ValueError if one is refused."""
    # The bank's own dictionary stays as it is, in case a later order is refused.
    after = accounts.copy()
    for order in orders:
        kind = order[0]
        if kind == "deposit":
            deposit(after, order[1], order[2])
        elif kind == "withdraw":
            withdraw(after, order[1], order[2])
        elif kind == "transfer":
            withdraw(after, order[1], order[3])
            deposit(after, order[2], order[3])
        else:
            raise ValueError(f"{kind!r} is no order.")
    return after
