// ok honest call
module.exports = { add: (a, b) => a + b };
