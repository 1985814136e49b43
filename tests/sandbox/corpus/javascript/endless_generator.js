// time_limit
for (const x of (function* () { while (true) yield 1; })());
