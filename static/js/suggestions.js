// What a model suggests is taken by accepting it or by other words; how much is undecided is said before sending.

const put = (field, value) => {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const chosen = (box) => box.querySelector("input:checked");
const says = (value) => value.replaceAll("\r\n", "\n").trim();

// Accepting says the model's words again, discarding takes them out. Other words are a person's own.
function decide({ target }) {
  const text = target.closest("[data-suggested-for]"), figures = target.closest("[data-figures]");
  const said = text ? [[document.getElementById(text.dataset.suggestedFor), text.dataset.drafted]]
    : Object.entries(figures?.dataset ?? {}).filter(([name]) => name !== "figures").map(([name, value]) => [document.getElementById(`id_${name}`), value]);
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
function count() {
  const note = document.getElementById("undecided");
  if (!note) return;
  const open = [...document.querySelectorAll("#remarks [data-drafted]")].filter((one) => !chosen(one)).length;
  note.hidden = !open;
  const tell = (name, words) => { note.querySelector(`[data-${name}]`).textContent = words; };
  tell("count", open === 1 ? "1 remark" : `${open} remarks`);
  tell("verb", open === 1 ? "is" : "are");
  tell("pronoun", open === 1 ? "It" : "They");
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[type=radio], [type=checkbox]")) decide(event);
  else typed(event);
  count();
});
document.addEventListener("htmx:after:swap", count);
count();
