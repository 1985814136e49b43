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

// Whoever runs code sees what comes of it, wherever the editor stands on the page.
let asked = false;
document.addEventListener("submit", ({ submitter }) => { asked = Boolean(submitter?.closest(".work-bar, .fold")); }, true);
document.addEventListener("htmx:after:swap", () => {
  const result = document.getElementById("result");
  if (!asked || !result) return;
  const { top, bottom } = result.getBoundingClientRect(), seen = top >= 0 && Math.min(bottom, top + 240) <= innerHeight;
  if (!seen) result.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  asked = !result.querySelector(".verdict");
});
