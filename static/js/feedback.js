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
