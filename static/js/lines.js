// Remarks at their lines: which line is meant, and what would be sent of each.
import { isChanged } from "./authorship.js";

export function show(remark) {
  document.querySelectorAll(".code-line.here").forEach((line) => line.classList.remove("here"));
  const line = document.getElementById(remark?.dataset.at ?? "");
  line?.classList.add("here");
  // Only inside the box: a page that moves under a press takes the press elsewhere.
  const box = line?.parentElement, top = line?.offsetTop;
  if (line && (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 48)) box.scrollTop = top - box.clientHeight / 3;
}
export function step(by) {
  const all = [...document.querySelectorAll("[data-remark], [data-step]")].filter((one) => one.checkVisibility());
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  if (next?.matches("[data-remark]")) show(next);
}
// A line that is pressed goes to the remark that is not there yet.
function pick(line) {
  const fresh = document.getElementById("fresh"), number = fresh?.querySelector("[name$=-line]");
  if (!number) return;
  number.value = line;
  number.dispatchEvent(new Event("input", { bubbles: true }));
  fresh.querySelector("textarea").focus();
}
// Accepting says the model's words again, whatever stands in the field.
function mark(remark) {
  const field = remark.querySelector("textarea"), by = remark.querySelector("[data-by]");
  const { drafted } = remark.dataset, verdict = remark.querySelector("[type=radio]:checked")?.value;
  const said = drafted === undefined || verdict === "EDITED" ? field.value : drafted;
  // What another wrote is whoever's that changes it.
  if (by) by.textContent = field.value === field.defaultValue ? by.dataset.by : "Yours";
  remark.querySelector("[data-changed]")?.toggleAttribute("hidden", said === drafted);
  for (const note of document.querySelectorAll(`[data-said="${remark.id}"]`)) {
    if (said === drafted) note.replaceChildren(...remark.querySelector(".said").cloneNode(true).childNodes);
    else note.textContent = said;
    const changed = drafted !== undefined && isChanged(said, drafted), whose = note.parentElement.querySelector(".whose");
    if (whose) whose.lastChild.textContent = changed ? "AI, changed " : "AI ";
    note.parentElement.classList.toggle("ai", changed || said === drafted);
    note.parentElement.classList.toggle("gone", verdict === "DISCARDED");
  }
}

document.addEventListener("focusin", ({ target }) => {
  if (target.closest("[data-remark]")) show(target.closest("[data-remark]"));
});
document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (!place) return;
  event.preventDefault();
  pick(place.dataset.line);
});
document.addEventListener("input", ({ target }) => {
  const remark = target.closest("[data-remark]:not(#fresh)");
  if (remark) mark(remark);
});
