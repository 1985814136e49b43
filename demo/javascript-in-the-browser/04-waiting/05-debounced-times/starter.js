/** Pairs of time and text: the searches that leave the page. */
function searches(keystrokes, wait) {
}
