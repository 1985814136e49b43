const isObject = (value) => typeof value === "object" && value !== null;

/** Whether two values of JSON hold the same. */
function isAlike(a, b) {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  // With the same number of keys, and all of a's keys in b, there can be no other key in b.
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isAlike(a[key], b[key]))
  );
}
