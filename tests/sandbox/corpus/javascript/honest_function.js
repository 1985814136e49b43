// ok honest call
function add(a, b) { return a + b; }
