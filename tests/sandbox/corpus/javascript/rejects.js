// runtime_error call
const add = () => Promise.reject(new RangeError("no"));
