// ok
for (const name of ["fetch", "WebSocket", "XMLHttpRequest"]) console.log(typeof globalThis[name] === "undefined" ? "refused" : "there");
for (const name of ["net", "http", "dgram"]) { try { require(name).connect(80); console.log("BREACH"); } catch { console.log("refused"); } }
