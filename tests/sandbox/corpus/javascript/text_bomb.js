// memory_limit|time_limit|runtime_error
let text = "x";
for (;;) text += text;
