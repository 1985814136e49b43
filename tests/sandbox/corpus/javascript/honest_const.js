// ok honest call
const add = (a, b) => a + b;
