/** The names of the listeners that an event reaches, in order. */
function eventPath(parents, target, listeners) {
}
