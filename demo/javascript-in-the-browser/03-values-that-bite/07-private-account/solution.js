/** An account with balance, deposit, withdraw and undo. */
function createAccount(start) {
  let balance = start;
  const earlier = [];

  const check = (amount) => {
    // False for texts as well: Number.isInteger converts nothing.
    if (!Number.isInteger(amount) || amount <= 0) throw new RangeError(`${amount} is no amount.`);
  };
  const moveTo = (next) => {
    earlier.push(balance);
    balance = next;
    return balance;
  };

  return {
    balance: () => balance,
    deposit: (amount) => {
      check(amount);
      return moveTo(balance + amount);
    },
    withdraw: (amount) => {
      check(amount);
      if (amount > balance) throw new RangeError("There is not enough money.");
      return moveTo(balance - amount);
    },
    undo: () => {
      balance = earlier.pop() ?? balance;
      return balance;
    },
  };
}

/* Tries an account out: returns what each of the orders gave back. Leave this as it is. */
function useAccount(start, orders) {
  const account = createAccount(start);
  return orders.map(([verb, amount]) =>
    verb === "keys" ? Object.keys(account).toSorted() : account[verb](amount),
  );
}
