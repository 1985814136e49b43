// runtime_error call
const add = () => process.exit(0);
