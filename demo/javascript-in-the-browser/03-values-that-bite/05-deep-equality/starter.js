/** Whether two values of JSON hold the same. */
function isAlike(a, b) {
}
