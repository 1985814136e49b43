// An attempt: which saving is the newest, what is not saved yet, the server's clock, handing in at the end.

const say = (text, urgent = false) => document.dispatchEvent(new CustomEvent("say", { detail: { text, urgent } }));
const HIDDEN = "clock-hidden";
const WARN_AT = 120;
let ticking;

// Each change of the form gets the next number, so that a late saving cannot undo a newer one.
const count = ({ target }) => {
  const { step } = (target.form ?? target).elements ?? {};
  if (step) step.value = Number(step.value) + 1;
};
for (const name of ["input", "submit"]) document.addEventListener(name, count, true);
// Without a line the browser's own page would take the place of this one, and of what was answered.
document.addEventListener("submit", (event) => {
  if (navigator.onLine || !event.target.matches("[data-again]")) return;
  event.preventDefault();
  event.target.dispatchEvent(new Event("resend"));
});

function inWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} min ${String(seconds % 60).padStart(2, "0")} s left` : `${seconds} s left`;
}

function milestones(total, left) {
  const words = new Map([[Math.round(total / 2), "Half of the time is left."], [300, "5 minutes left."], [60, "1 minute left."]]);
  return [...words].filter(([seconds]) => seconds < Math.min(left, total)).sort(([a], [b]) => b - a);
}

// performance.now() goes on whatever anybody sets the clock of the machine to.
function start() {
  clearInterval(ticking);
  const box = document.getElementById("clock");
  if (!box) return;
  const end = performance.now() + Number(box.dataset.left) * 1000;
  const due = milestones(Number(box.dataset.total), Number(box.dataset.left));
  box.open = sessionStorage.getItem(HIDDEN) !== "1";
  const tick = () => {
    if (!box.isConnected) return clearInterval(ticking); // there is no clock any more
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    box.querySelector("[data-clock]").textContent = inWords(left);
    box.classList.toggle("low", left <= WARN_AT);
    if (due.length && left <= due[0][0]) say(due[0][1], due.shift()[0] === 60);
    if (left === 0) handIn(box);
  };
  tick();
  ticking = setInterval(tick, 1000);
}

function handIn(box) {
  clearInterval(ticking);
  box.querySelector("[data-clock]").textContent = "Time is over";
  box.querySelector("p span").hidden = true;
  if (!navigator.onLine) {
    const words = "Time is over. You are offline: what was saved before counts.";
    say(words, true);
    document.getElementById("save-state")?.replaceChildren(words);
    addEventListener("online", () => handIn(box), { once: true }); // it may still be in time, or is told that it is not
    return;
  }
  document.getElementById("answers").requestSubmit(document.getElementById("hand-in"));
}

document.addEventListener("toggle", ({ target }) => {
  if (target.id === "clock") sessionStorage.setItem(HIDDEN, target.open ? "0" : "1");
}, true);
// A machine that slept has a clock that slept.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") document.getElementById("clock")?.dispatchEvent(new Event("resync"));
});
document.addEventListener("htmx:after:swap", () => {
  if (document.getElementById("clock")?.querySelector("[data-clock]").textContent === "") start();
});
start();
const here = document.querySelector(".places [aria-current]"), list = here?.closest("ol"); // of many, this one is in view
if (list) list.scrollTop = here.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;

// What was given and is not saved yet outlives the page: a reload, a lost sign-in, a form too old.
function keepDrafts(form) {
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
    const fields = fieldsOf(question), differs = (field, place) => valueOf(field) !== draft.values[place];
    const unseen = fields.some(differs); // a page that refuses an answer shows it: the server has seen it
    fields.forEach((field, place) => {
      if (isChoice(field)) field.checked = draft.values[place];
      else field.value = draft.values[place];
    });
    return unseen;
  }

  const questions = named("q").map((field) => field.value);
  form.addEventListener("input", keep);
  document.addEventListener("htmx:before:request", () => { sent = Number(form.elements.step.value); });
  document.addEventListener("htmx:after:swap", () => questions.forEach(forget));
  // Signed in again elsewhere: this page's forms are too old to be sent, a new one is not.
  document.addEventListener("stale", () => location.reload());
  // htmx takes the form up by a timer of its own, which may be due after the page is loaded.
  if (questions.filter(restore).length) addEventListener("load", () => setTimeout(() => form.dispatchEvent(new Event("resend"))));
}
const form = document.getElementById("answers");
if (form?.elements.step) keepDrafts(form); // the summary has no answers in its form
