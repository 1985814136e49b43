// Everything the page tells a person: live regions, toasts, the failure bar, focus on a form's problems.
const TOAST_MS = 6000;
const BUSY_MS = 150;
const SETTLES_MS = 2000; // a line that is back may not carry at once
const AGAIN_MS = 500;
const at = (id) => document.getElementById(id);
const failed = new Set(); // what to try again
let backAt = -Infinity; // when the line came back
const waiting = () => [...failed].filter((node) => node.isConnected);

function say(text, urgent = false) {
  const region = at(urgent ? "say-now" : "say");
  region.textContent = "";
  // A region that is filled anew a moment later is read even if the words are the same.
  setTimeout(() => { region.textContent = text; }, 60);
}

function showFailure(kind, { sourceElement }, reference = "") {
  const bar = at("net"), text = bar.dataset[kind];
  at("net-text").textContent = reference ? `${text} (${reference})` : text;
  bar.hidden = false;
  failed.add(sourceElement);
  say(text, true);
}

function keepToast(toast) {
  const list = at("toasts");
  while (list.children.length > 2) list.firstElementChild.remove();
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), TOAST_MS); };
  const stop = () => clearTimeout(timer);
  ["pointerenter", "focusin"].forEach((name) => toast.addEventListener(name, stop));
  ["pointerleave", "focusout"].forEach((name) => toast.addEventListener(name, start));
  start();
}

// Each once: what is swapped in elsewhere later does not take the focus back to it.
const shown = new WeakSet();
function focusProblems(root) {
  const fresh = [...(root.querySelectorAll?.("[data-focus]") ?? [])].filter((box) => !shown.has(box));
  fresh.forEach((box) => shown.add(box));
  fresh[0]?.focus();
}

document.addEventListener("say", ({ detail }) => say(detail.text ?? detail.value, detail.urgent));
document.addEventListener("toast", ({ detail }) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = detail.text ?? detail.value;
  at("toasts").append(toast);
  say(toast.textContent);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const { target } = ctx;
  ctx.setOutAt = performance.now();
  ctx.busy = setTimeout(() => target?.setAttribute("aria-busy", "true"), BUSY_MS);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  clearTimeout(ctx.busy);
  ctx.target?.removeAttribute?.("aria-busy");
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500) return;
  failed.delete(ctx.sourceElement);
  at("net").hidden = !waiting().length;
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500) showFailure("broken", ctx, ctx.response.headers.get("X-Request-ID")?.slice(0, 8));
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx?.request || ctx.response) return; // a fault of a script, not of the line
  showFailure("offline", ctx);
  // It failed of the line as it was, and nothing will tell this page again that there is one.
  if (ctx.setOutAt < backAt + SETTLES_MS) setTimeout(tryAgain, AGAIN_MS);
});
document.addEventListener("htmx:after:swap", ({ target }) => focusProblems(target.parentNode ?? target));

function tryAgain() {
  at("net").hidden = true;
  const nodes = waiting();
  failed.clear();
  for (const node of nodes) node.dataset.again ? node.dispatchEvent(new Event(node.dataset.again)) : node.matches("form") ? node.requestSubmit() : node.click();
}
at("net-retry").addEventListener("click", tryAgain);
addEventListener("online", () => {
  backAt = performance.now();
  at("net").hidden || tryAgain();
});
addEventListener("pageshow", (event) => { if (event.persisted) document.body.dispatchEvent(new Event("back")); });

new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => node.nodeType === 1 && keepToast(node))))
  .observe(at("toasts"), { childList: true });
focusProblems(document);
const told = [...document.querySelectorAll("[data-say]")].map((node) => node.innerText.trim());
if (told.length) say(told.join(" "));
