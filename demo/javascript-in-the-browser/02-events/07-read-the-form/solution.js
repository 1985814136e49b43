const LONGEST_NAME = 40;
const MOST_DAYS = 28;

/** What the entries of the form say: a tool, or the problems with it. */
function readForm(entries) {
  const fields = new Map(entries);
  const name = (fields.get("name") ?? "").trim();
  const typed = (fields.get("days") ?? "").trim();
  const days = Number(typed);
  const problems = [];

  if (name === "") problems.push("name is missing");
  // Code points and not length: a small picture counts as one character.
  if ([...name].length > LONGEST_NAME) problems.push("name is too long");
  // Number reads "" as 0 and "1e1" as 10, so the digits are checked first.
  if (!/^\d+$/.test(typed) || days < 1 || days > MOST_DAYS) {
    problems.push(`days must be a whole number from 1 to ${MOST_DAYS}`);
  }

  if (problems.length > 0) return { tool: null, problems };
  return { tool: { name, days, fragile: fields.has("fragile") }, problems };
}
