// runtime_error cheat
console.log(7);
Promise.reject(new Error("no"));
