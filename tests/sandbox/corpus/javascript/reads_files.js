// ok
for (const path of ["/etc/passwd", "/proc/self/environ", "../etc/shadow"]) {
  try { console.log("BREACH" + require("fs").readFileSync(path, "utf8").length); } catch { console.log("refused"); }
}
