// ok
(async () => {
  for (const name of ["std", "os", "qjs:std", "qjs:os", "child_process", "net"]) {
    try {
      const m = await import(name);
      const file = (m.open ?? m.loadFile)?.("/etc/passwd", "r");
      if (file && typeof file === "object") console.log("BREACH");
      m.exec?.(["id"]);
    } catch { console.log("refused"); }
  }
})();
