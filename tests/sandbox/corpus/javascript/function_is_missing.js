// runtime_error call
const plus = (a, b) => a + b;
