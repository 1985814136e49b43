// The reviewers' queue: keys from row to row, a list that is asked for anew, the time to take a review back.

const MINUTE = 60_000;
const off = () => document.body.dataset.shortcuts === "off";
const typing = (node) => node.matches("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const current = () => rows().find((link) => link.closest("tr").contains(document.activeElement));

function step(by) {
  const all = rows(), at = all.indexOf(current());
  (at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)])?.focus();
}
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => current()?.click(),
  c: () => current()?.closest("tr").querySelector("[data-claim]")?.click(),
};
document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (!KEYS[key] || !rows().length || off() || ctrlKey || metaKey || altKey || typing(target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  KEYS[key]();
});
// The row that was claimed is another one: the focus goes on from its place.
document.addEventListener("htmx:after:swap", () => {
  const lost = document.activeElement === document.body && claimed && document.getElementById(claimed);
  if (lost) lost.focus();
  claimed = null;
});
let claimed = null;
document.addEventListener("submit", ({ target }) => {
  const button = target.querySelector("[data-claim]");
  if (button) claimed = button.id.replace("claim-", "open-");
}, true);

setInterval(() => {
  if (document.visibilityState === "visible") document.querySelector("[data-refresh]")?.dispatchEvent(new Event("refresh"));
}, MINUTE);

// How long a review can be taken back is said by the server's clock alone; here is only counted. A box
// may come with a part of a page as well, and goes on counting while its page is put aside.
const ends = new WeakMap();
function takeAway() {
  for (const box of document.querySelectorAll("[data-until]")) {
    const { until, now } = box.dataset;
    if (!ends.has(box)) ends.set(box, performance.now() + (new Date(until) - new Date(now)));
    const left = ends.get(box) - performance.now();
    if (left > 0) setTimeout(takeAway, left);
    else box.remove();
  }
}
for (const name of ["htmx:after:swap", "visibilitychange"]) document.addEventListener(name, takeAway);
addEventListener("pageshow", takeAway);
takeAway();
