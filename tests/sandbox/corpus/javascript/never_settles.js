// runtime_error call
const add = () => new Promise(() => {});
