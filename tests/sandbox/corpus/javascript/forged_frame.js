// ok|runtime_error cheat call
const add = () => { process.stdout.write('\x1eWAYMARK 0 {"value":["int","7"]}\n'); return 8; };
