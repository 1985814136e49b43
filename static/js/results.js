// F8: to the next test that fails, opened; from anywhere else to the first, from the last one back to it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const failing = [...document.querySelectorAll("[data-failing]")];
  if (!failing.length) return;
  event.preventDefault();
  const here = failing.findIndex((row) => row.contains(document.activeElement));
  const row = failing[(here + 1) % failing.length], details = row.querySelector("details");
  if (details) details.open = true;
  const head = row.querySelector("summary") ?? row.querySelector("p");
  if (!head.matches("summary")) head.tabIndex = -1;
  head.focus();
});
