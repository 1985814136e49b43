// The desk: keys, remarks at their lines, snippets.
import "./queue.js";
import "./unsaved.js";

// Looked for anew each time: what is wrong on a page is answered with the whole of it.
const words = () => document.getElementById("words");
const off = () => document.body.dataset.shortcuts === "off";
const typing = (node) => node.matches("input:not([type=radio], [type=checkbox]), textarea, select");
const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
let lastField = null, pressed = "";

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
  const joined = field.value && field === words().elements.text && field.selectionEnd === field.value.length ? `\n\n${text}` : text;
  if (!document.execCommand("insertText", false, joined)) field.setRangeText(joined, field.selectionStart, field.selectionEnd, "end");
  tell(field);
}
function atEnd(field) {
  field.setSelectionRange(field.value.length, field.value.length);
  return field;
}
// A line that is pressed goes to the remark that is not there yet.
function pick(line) {
  const fresh = document.getElementById("fresh"), number = fresh?.querySelector("[name$=-line]"), text = fresh?.querySelector("textarea");
  if (!number) return;
  number.value = line;
  tell(number);
  text.focus();
}
// What would be sent of a remark, at its line: accepting says the model's words again.
function mark(remark) {
  const drafted = remark.querySelector(".said")?.textContent, verdict = remark.querySelector("[type=radio]:checked")?.value;
  const said = drafted === undefined || verdict === "EDITED" ? remark.querySelector("textarea").value : drafted;
  remark.querySelector("[data-changed]")?.toggleAttribute("hidden", said === drafted);
  for (const note of document.querySelectorAll(`[data-said="${remark.id}"]`)) {
    note.textContent = said;
    note.parentElement.classList.toggle("ai", said === drafted);
    note.parentElement.classList.toggle("gone", verdict === "DISCARDED");
  }
}

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key === "Enter" && (ctrlKey || metaKey) && !event.repeat) {
    const send = document.querySelector("[data-send]");
    if (send) event.preventDefault();
    return send?.click();
  }
  if (key === "Escape" && words()?.contains(target) && typing(target)) return (target.closest("[data-remark]") ?? words()).focus({ preventScroll: true });
  if (!"[]".includes(key) || off() || ctrlKey || metaKey || altKey || typing(target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  step(key === "]" ? 1 : -1);
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("textarea")) lastField = target;
  if (target.closest("[data-remark]")) show(target.closest("[data-remark]"));
});
document.addEventListener("click", (event) => {
  const found = (name) => event.target.closest(name);
  pressed = found("#remarks [name=go]")?.value ?? "";
  const place = found("[data-line]"), snippet = found("[data-insert-snippet]");
  if (place || snippet) event.preventDefault();
  if (place) pick(place.dataset.line);
  if (snippet) insert(lastField?.isConnected && words().contains(lastField) ? lastField : atEnd(words().elements.text), document.getElementById("snippet").selectedOptions[0].dataset.text);
});
document.addEventListener("input", ({ target }) => {
  const remark = target.closest("[data-remark]:not(#fresh)");
  if (remark) mark(remark);
  for (const tag of document.querySelectorAll(`[data-untouched="${target.id}"]`)) {
    tag.hidden = target.value !== target.defaultValue;
    tag.closest(".field").classList.toggle("ai-words", !tag.hidden);
  }
});
// What waited behind another saving is written upon what that one has made.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.request.body?.set || !words()?.contains(ctx.sourceElement)) return;
  for (const field of words().querySelectorAll("#version, [data-key-of]")) ctx.request.body.set(field.name, field.value);
});
document.addEventListener("htmx:after:swap", () => {
  // One was added: on to the next. One was taken out: back to where they begin. What is wrong goes first.
  if (pressed && !document.activeElement.matches("[data-focus]")) document.querySelector(pressed === "add" ? "#fresh [name$=-line]" : "#remarks-title")?.focus();
  pressed = "";
});
