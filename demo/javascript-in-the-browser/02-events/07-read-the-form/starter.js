/** What the entries of the form say: a tool, or the problems with it. */
function readForm(entries) {
}
