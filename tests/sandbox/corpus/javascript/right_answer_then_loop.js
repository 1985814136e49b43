// time_limit cheat
console.log(7);
for (;;);
