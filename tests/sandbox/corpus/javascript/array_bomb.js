// memory_limit|time_limit
const all = [];
for (let n = 0; ; n++) all.push("x".repeat(1e6) + n);
