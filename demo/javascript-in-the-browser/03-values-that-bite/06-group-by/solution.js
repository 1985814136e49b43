/** Pairs of a value of the field and the items that have it. */
function groupBy(items, field) {
  // A plain object would turn numbers into texts and sort them to the front.
  const groups = new Map();
  for (const item of items) {
    const value = Object.hasOwn(item, field) ? item[field] : null;
    if (!groups.has(value)) groups.set(value, []);
    groups.get(value).push(item);
  }
  return [...groups];
}
