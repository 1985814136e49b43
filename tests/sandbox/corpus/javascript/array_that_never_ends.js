// runtime_error|time_limit call
const add = () => { const x = []; x.length = 2 ** 32 - 1; return x; };
