// runtime_error cheat
console.log(7);
process.exitCode = 4;
