// ok honest call
export const add = (a, b) => a + b;
