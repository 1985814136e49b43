// The desk: keys, remarks at their lines, snippets, and what is not saved yet.
import "./queue.js";

const form = document.getElementById("words");
const off = () => document.body.dataset.shortcuts === "off";
const typing = (node) => node.matches("input:not([type=radio], [type=checkbox]), textarea, select");
const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
let dirty = false, lastField = null, pressed = false;

function show(remark) {
  document.querySelectorAll(".code-line.here").forEach((line) => line.classList.remove("here"));
  const line = document.getElementById(remark?.dataset.at ?? "");
  line?.classList.add("here");
  // Only inside the box: a page that moves under a press takes the press elsewhere.
  const box = line?.parentElement, top = line?.offsetTop;
  if (line && (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 48)) box.scrollTop = top - box.clientHeight / 3;
}
function step(by) {
  const all = [...document.querySelectorAll("[data-remark]")];
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  show(next);
}
function insert(field, text) {
  field.focus();
  const joined = field.value && field === form.elements.text && field.selectionEnd === field.value.length ? `\n\n${text}` : text;
  if (!document.execCommand("insertText", false, joined)) field.setRangeText(joined, field.selectionStart, field.selectionEnd, "end");
  tell(field);
}
// A line that is pressed goes to the remark that is not there yet.
function pick(line) {
  const fresh = document.getElementById("fresh"), number = fresh?.querySelector("[name$=-line]"), text = fresh?.querySelector("textarea");
  if (!number) return;
  number.value = line;
  tell(number);
  text.focus();
}

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key === "Enter" && (ctrlKey || metaKey) && !event.repeat) {
    const send = document.querySelector("[data-send]");
    if (send) event.preventDefault();
    return send?.click();
  }
  if (key === "Escape" && form?.contains(target) && typing(target)) return (target.closest("[data-remark]") ?? form).focus({ preventScroll: true });
  if (!"[]".includes(key) || off() || ctrlKey || metaKey || altKey || typing(target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  step(key === "]" ? 1 : -1);
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("textarea")) lastField = target;
  if (target.closest("[data-remark]")) show(target.closest("[data-remark]"));
});
document.addEventListener("click", (event) => {
  pressed = Boolean(event.target.closest("#remarks [name=go]"));
  const place = event.target.closest("[data-line]"), snippet = event.target.closest("[data-insert-snippet]");
  if (place) {
    event.preventDefault();
    pick(place.dataset.line);
  }
  if (snippet) {
    event.preventDefault();
    insert(lastField?.isConnected && form.contains(lastField) ? lastField : form.elements.text, document.getElementById("snippet").selectedOptions[0].dataset.text);
  }
});
document.addEventListener("input", ({ target }) => {
  if (target.form !== form) return;
  dirty = true;
  const remark = target.closest("[data-remark]");
  if (remark && target.matches("textarea")) document.querySelectorAll(`[data-said="${remark.id}"]`).forEach((note) => { note.textContent = target.value; });
  if (target.value === "DISCARDED" || target.type === "radio") document.querySelectorAll(`[data-said="${remark?.id}"]`).forEach((note) => note.parentElement.classList.toggle("gone", target.value === "DISCARDED"));
  document.querySelectorAll(`[data-untouched="${target.id}"]`).forEach((tag) => { tag.hidden = target.value !== target.defaultValue; });
});
// What waited behind another saving is written upon what that one has made.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.request.body?.set || !form?.contains(ctx.sourceElement)) return;
  for (const field of form.querySelectorAll("#version, [data-key-of]")) ctx.request.body.set(field.name, field.value);
  dirty = false;
});
document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector("[data-unsaved-still]")) dirty = true;
  if (pressed) document.querySelector("#fresh [name$=-line]")?.focus(); // one was added or taken out: on to the next
  pressed = false;
});
document.addEventListener("htmx:error", () => { dirty = true; });
document.addEventListener("htmx:response:error", () => { dirty = true; });
form?.addEventListener("submit", () => { dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
