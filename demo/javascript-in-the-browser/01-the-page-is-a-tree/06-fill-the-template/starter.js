/** The template with its gaps filled in. */
function fill(template, values) {
}
