/** An account with balance, deposit, withdraw and undo. */
function createAccount(start) {
}

/* Tries an account out: returns what each of the orders gave back. Leave this as it is. */
function useAccount(start, orders) {
  const account = createAccount(start);
  return orders.map(([verb, amount]) =>
    verb === "keys" ? Object.keys(account).toSorted() : account[verb](amount),
  );
}
