/** An object with every simple value of the data under its path. */
function flatten(data) {
  const flat = {};

  function collect(value, path) {
    const isNested = typeof value === "object" && value !== null;
    const entries = isNested ? Object.entries(value) : [];
    // Nothing inside: a simple value, or an empty object or array.
    if (entries.length === 0) {
      flat[path] = value;
      return;
    }
    for (const [key, item] of entries) collect(item, `${path}.${key}`);
  }

  // The top has no path, so its entries begin one without a full stop.
  for (const [key, item] of Object.entries(data)) collect(item, key);
  return flat;
}
