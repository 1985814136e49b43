// What is still to come is asked for every half minute, while somebody can see the page.
const EVERY = 30_000;
let last = Date.now();

function look() {
  if (document.hidden || Date.now() - last < EVERY) return;
  last = Date.now();
  document.querySelectorAll("[data-pending]").forEach((node) => node.dispatchEvent(new Event("look")));
}

setInterval(look, EVERY / 10);
document.addEventListener("visibilitychange", look);

// In the list of feedback: j to the next row, k to the one before.
const typing = (node) => node.isContentEditable || node.matches("input, textarea, select");
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.shortcuts === "off") return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const rows = [...document.querySelectorAll("[data-row]")], here = rows.indexOf(document.activeElement);
  const next = rows[here < 0 ? 0 : here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
