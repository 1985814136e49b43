// The desk: its keys, snippets, and what saving by itself goes on from.
import { isChanged, isSame } from "./authorship.js";
import { step } from "./lines.js";
import "./queue.js";
import "./suggestions.js";
import "./unsaved.js";

// Looked for anew each time: what is wrong on a page is answered with the whole of it.
const words = () => document.getElementById("words");
const off = () => document.body.dataset.shortcuts === "off";
const typing = (node) => node.matches("input:not([type=radio], [type=checkbox]), textarea, select");
let lastField = null;

function insert(field, text) {
  const atEnd = field.selectionEnd === field.value.length;
  field.focus();
  const joined = field.value && field === words().elements.text && atEnd ? `\n\n${text}` : text;
  if (!document.execCommand("insertText", false, joined)) field.setRangeText(joined, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
// Where was typed last; else at the end of the message.
function fieldToFill() {
  if (lastField?.isConnected && words().contains(lastField)) return lastField;
  const { text } = words().elements;
  text.setSelectionRange(text.value.length, text.value.length);
  return text;
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
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-insert-snippet]")) return;
  event.preventDefault();
  insert(fieldToFill(), document.getElementById("snippet").selectedOptions[0].dataset.text);
});
// Words of a model are marked as such, and those that are made of them. A figure is the model's or it is not.
document.addEventListener("input", ({ target }) => {
  const isFigure = target.type === "number";
  for (const tag of document.querySelectorAll(`[data-untouched="${target.id}"], [data-touched="${target.id}"]`)) {
    const { drafted } = tag.dataset, same = isSame(target.value, drafted), changed = !isFigure && isChanged(target.value, drafted);
    tag.hidden = !same && !changed;
    tag.querySelector("[data-word]").textContent = changed ? "AI, changed" : isFigure ? "Figures of AI" : "Words of AI";
    tag.closest(".field").classList.toggle("ai-words", !tag.hidden);
  }
});
// What waited behind another saving is written upon what that one has made.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.request.body?.set || !words()?.contains(ctx.sourceElement)) return;
  for (const field of words().querySelectorAll("#version, [data-key-of]")) ctx.request.body.set(field.name, field.value);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const go = ctx.request.body?.get?.("go") ?? "";
  // One was added: on to the next. One was taken out: back to where they begin. What is wrong goes first.
  if (/^(add|remove-)/.test(go) && !document.activeElement.matches("[data-focus]")) document.querySelector(go === "add" ? "#fresh [name$=-line]" : "#remarks-title")?.focus();
});
