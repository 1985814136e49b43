/** An object with every simple value of the data under its path. */
function flatten(data) {
}
