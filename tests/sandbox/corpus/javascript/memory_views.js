// ok
console.log(typeof WebAssembly, typeof Atomics);
try { new SharedArrayBuffer(1 << 30); console.log("made"); } catch { console.log("refused"); }
