// runtime_error cheat
console.log(7);
throw { toString() { throw 1; }, get message() { throw 2; } };
