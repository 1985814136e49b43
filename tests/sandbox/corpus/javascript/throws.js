// runtime_error
console.log(7);
null.x;
