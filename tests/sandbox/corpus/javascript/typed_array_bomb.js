// memory_limit|runtime_error
const all = [];
for (;;) all.push(new Uint8Array(1 << 26).fill(1));
