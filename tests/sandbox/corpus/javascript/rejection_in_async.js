// runtime_error cheat
(async () => { console.log(7); await null; throw new TypeError("no"); })();
