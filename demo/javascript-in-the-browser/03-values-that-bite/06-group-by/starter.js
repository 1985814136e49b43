/** Pairs of a value of the field and the items that have it. */
function groupBy(items, field) {
}
