// What was given and is not saved yet outlives the page: a reload, a lost sign-in, a form too old.

const form = document.getElementById("answers");
const named = (name) => [...form.elements].filter((field) => field.name === name);
const keyOf = (question) => `draft:${form.action}:${question}`;
const versionOf = (question) => form.elements[`v-${question}`]?.value;
const isChoice = (field) => field.matches("[type=radio], [type=checkbox]");
const fieldsOf = (question) => [...named(`a-${question}`), ...named(`f-${question}`)];
const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
let sent = 0; // the step of the saving that is on its way

function keep({ target }) {
  const question = target.name?.match(/^[af]-(.+)/)?.[1];
  if (!question) return;
  const draft = { version: versionOf(question), step: Number(form.elements.step.value), values: fieldsOf(question).map(valueOf) };
  sessionStorage.setItem(keyOf(question), JSON.stringify(draft));
}

// A version that moved on says that the answer was saved; what was typed since stays a draft.
function forget(question) {
  const draft = JSON.parse(sessionStorage.getItem(keyOf(question)) ?? "null");
  if (!draft || draft.version === versionOf(question)) return;
  if (draft.step <= sent) return sessionStorage.removeItem(keyOf(question));
  sessionStorage.setItem(keyOf(question), JSON.stringify({ ...draft, version: versionOf(question) }));
}

// On a page shown anew: give back what the server has not seen. It knows better if its version moved.
function restore(question) {
  const draft = JSON.parse(sessionStorage.getItem(keyOf(question)) ?? "null");
  if (!draft || draft.version !== versionOf(question)) return sessionStorage.removeItem(keyOf(question));
  const fields = fieldsOf(question);
  fields.forEach((field, place) => {
    if (isChoice(field)) field.checked = draft.values[place];
    else field.value = draft.values[place];
  });
  return fields.length > 0;
}

const questions = named("q").map((field) => field.value);
form.addEventListener("input", keep);
document.addEventListener("htmx:before:request", () => { sent = Number(form.elements.step.value); });
document.addEventListener("htmx:after:swap", () => questions.forEach(forget));
// Signed in again elsewhere: this page's forms are too old to be sent, a new one is not.
document.addEventListener("stale", () => location.reload());
// htmx takes the form up by a timer of its own, which may be due after the page is loaded.
if (questions.filter(restore).length) addEventListener("load", () => setTimeout(() => form.dispatchEvent(new Event("resend"))));
