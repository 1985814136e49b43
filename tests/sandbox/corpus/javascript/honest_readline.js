// ok honest
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => console.log(line.split(" ").map(Number).reduce((a, b) => a + b)));
