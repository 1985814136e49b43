// runtime_error call
const add = () => { const x = {}; x.x = x; return x; };
