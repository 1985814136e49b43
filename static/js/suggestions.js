// What a model suggests is taken by accepting it or by other words; how much is undecided is said before sending.
import { isSame, says } from "./authorship.js";

const put = (field, value) => {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const chosen = (box) => box.querySelector("input:checked");
const figuresIn = (box) => Object.entries(box?.dataset ?? {}).filter(([name]) => name !== "figures").map(([name, value]) => [document.getElementById(`id_${name}`), value]);

// Accepting says the model's words again, discarding takes them out. Other words are a person's own.
function decide({ target }) {
  const text = target.closest("[data-suggested-for]"), figures = target.closest("[data-figures]");
  const said = text ? [[document.getElementById(text.dataset.suggestedFor), text.dataset.drafted]]
    : figuresIn(figures);
  for (const [field, drafted] of said) {
    if (target.checked && target.value === "ACCEPTED" && !says(field.value)) put(field, drafted);
    if (target.checked && target.value === "DISCARDED" && says(field.value) === says(drafted)) put(field, "");
  }
}
function typed({ target }) {
  const box = document.querySelector(`[data-suggested-for="${target.id}"]`), choice = box && chosen(box);
  if (box) box.hidden = says(target.value) && says(target.value) !== says(box.dataset.drafted);
  if (choice && says(target.value) !== (choice.value === "ACCEPTED" ? says(box.dataset.drafted) : "")) choice.checked = false;
  const discarded = target.closest(".desk-figures") && document.querySelector("[data-figures] [value=DISCARDED]:checked");
  if (discarded && target.value) discarded.checked = false;
}
// What of the draft still stops sending. Who returns the work leaves its remarks out.
function undecided() {
  const text = document.querySelector("[data-suggested-for]"), figures = document.querySelector("[data-figures]");
  const isTaken = (box) => chosen(box)?.value === "ACCEPTED";
  const returns = document.querySelector("[name=decision][value=RETURNED]:checked");
  const remarks = returns ? [] : [...document.querySelectorAll("#remarks [data-drafted]")].filter((one) => !chosen(one));
  const stands = text && says(text.dataset.drafted) && isSame(document.getElementById(text.dataset.suggestedFor).value, text.dataset.drafted);
  return [
    stands && !isTaken(text) && "the message",
    figures && !isTaken(figures) && figuresIn(figures).some(([field, value]) => isSame(field.value, value)) && "the figures",
    remarks.length && (remarks.length === 1 ? "1 remark" : `${remarks.length} remarks`),
  ].filter(Boolean);
}
function count() {
  const note = document.getElementById("undecided");
  if (!note) return;
  const parts = undecided();
  note.hidden = !parts.length;
  note.querySelector("[data-parts]").textContent = parts.join(", ");
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[type=radio], [type=checkbox]")) decide(event);
  else typed(event);
  count();
});
document.addEventListener("htmx:after:swap", count);
count();
