// What only this page has: whoever leaves it is asked first.

const unsaved = new Set(); // forms, and signs that something stands here which was not kept
const words = () => document.getElementById("words"); // the form that saves itself
const signs = () => document.querySelectorAll("[data-unsaved-still]");

function look() {
  for (const sign of signs()) unsaved.add(words() ?? sign);
}
function keepAsking() {
  if (words()) unsaved.add(words());
}

document.addEventListener("input", ({ target }) => {
  if (target.form?.closest("main") && target.form.method === "post") unsaved.add(target.form);
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.request.body?.set || !words()?.contains(ctx.sourceElement)) return;
  unsaved.delete(words());
  for (const sign of signs()) sign.removeAttribute("data-unsaved-still"); // the answer says it anew
});
document.addEventListener("htmx:after:swap", look);
document.addEventListener("htmx:error", keepAsking);
document.addEventListener("htmx:response:error", keepAsking);
// What takes along all that stands here, or is meant to leave it.
document.addEventListener("submit", ({ target }) => { if (target.matches("[data-leave]")) unsaved.clear(); else unsaved.delete(target); });
document.addEventListener("click", ({ target }) => { if (target.closest("a[data-leave]")) unsaved.clear(); });
addEventListener("beforeunload", (event) => { if ([...unsaved].some((one) => one.isConnected)) event.preventDefault(); });
look();
