// time_limit|memory_limit|runtime_error
let x = 9n;
for (;;) x *= x;
