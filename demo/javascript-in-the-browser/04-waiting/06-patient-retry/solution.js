/** What the action gives, after as many attempts as it takes. */
async function retry(action, { times, first, pause, isWorthIt }) {
  let wait = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Without await the promise would leave before it fails.
      return await action();
    } catch (error) {
      if (attempt >= times || !isWorthIt(error)) throw error;
    }
    await pause(wait);
    wait *= 2;
  }
}

/* Tries your function out with an action of outcomes such as ["busy", "ok: 7"]. Pauses are noted
   and not waited for. Leave this as it is. */
async function tryRetry(outcomes, options) {
  const notes = [];
  let calls = 0;
  const action = async () => {
    const outcome = outcomes[Math.min(calls, outcomes.length - 1)];
    calls += 1;
    notes.push(`call ${calls}`);
    if (outcome.startsWith("ok")) return outcome;
    throw outcome === "final" ? new TypeError(outcome) : new RangeError(outcome);
  };
  const pause = async (ms) => {
    notes.push(`pause ${ms}`);
  };
  const isWorthIt = (error) => error.message !== "final";
  const result = await retry(action, { ...options, pause, isWorthIt });
  return [...notes, result];
}
