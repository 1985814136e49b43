/** The HTML of a tree: a string, or an object with a tag, attributes and children. */
function toHtml(node) {
}
