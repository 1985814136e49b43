// Whose words something is in, while somebody types. `authorship.py` says the same of what is saved.

export const says = (value) => value.replaceAll("\r\n", "\n").trim();
export const isSame = (text, drafted) => says(text) === says(drafted);

// Each word with the next; the first and the last one with nothing.
function pairs(text) {
  const words = ["", ...(text.toLowerCase().match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*/gu) ?? []), ""];
  return words.slice(1).map((word, at) => `${words[at]} ${word}`);
}
// Made of a model's words: a third of its pairs, or of those that stand, are the same.
export function isChanged(text, drafted) {
  if (!says(text) || !says(drafted) || isSame(text, drafted)) return false;
  const now = pairs(text), then = pairs(drafted), least = Math.min(now.length, then.length);
  const kept = now.filter((pair) => {
    const at = then.indexOf(pair);
    if (at >= 0) then.splice(at, 1);
    return at >= 0;
  });
  return 3 * kept.length >= least;
}
