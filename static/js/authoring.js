// What the editors do beyond HTML: a word before typed text is left behind, a button that says it is at work, CodeMirror for code, the place after a link.

const unsaved = new Set();
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-unsaved]");
  if (form) unsaved.add(form);
});
// The server says so of a form that it gave back as it was typed.
const arm = () => document.querySelectorAll("[data-unsaved=typed]").forEach((form) => unsaved.add(form));
document.addEventListener("htmx:after:swap", arm);
arm();
document.addEventListener("submit", ({ target }) => unsaved.delete(target));
addEventListener("beforeunload", (event) => {
  if (![...unsaved].some((form) => form.isConnected)) return;
  event.preventDefault();
  rest();
});

// A button whose answer is slow to come says so, in the words that it carries, as wide as before.
const BUSY_MS = 400;
let rest = () => {};
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const button = submitter?.dataset.busy ? submitter : form.querySelector("[data-busy]");
  if (event.defaultPrevented || !button) return;
  rest();
  const words = [...button.childNodes], timer = setTimeout(() => {
    button.style.minInlineSize = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.busy;
    document.dispatchEvent(new CustomEvent("say", { detail: { text: button.dataset.busy } }));
  }, BUSY_MS);
  rest = () => {
    clearTimeout(timer);
    button.removeAttribute("aria-busy");
    button.replaceChildren(...words);
    button.style.minInlineSize = "";
    rest = () => {};
  };
});
addEventListener("pageshow", () => rest()); // come back to as it was left
document.addEventListener("input", () => rest());

const views = new WeakMap(); // the editor in the place of a field

// A problem or a link may lead into something that is closed.
function reveal() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = place?.querySelector(":scope > details") ?? place?.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
  if (place?.matches("input, textarea, select")) (views.get(place) ?? place).focus();
}
addEventListener("hashchange", reveal);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".problems a[href^='#']")) setTimeout(reveal);
  if (target.closest?.("[data-leave]")) unsaved.clear();
});
reveal();

async function enhance(frame, form) {
  const { mount } = await import(form.dataset.module);
  const source = frame.querySelector("textarea"), label = source.labels[0];
  const attributes = { "aria-labelledby": label.id };
  for (const name of ["aria-describedby", "aria-invalid"]) if (source.hasAttribute(name)) attributes[name] = source.getAttribute(name);
  const onChange = (text) => {
    if (source.value === text) return;
    source.value = text;
    source.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const language = form.dataset.codeLanguage, unit = language === "javascript" ? "  " : "    ";
  const focused = document.activeElement === source, view = mount(source, { language, unit, tabIndents: false, attributes, onChange });
  source.after(view.dom);
  source.hidden = true;
  views.set(source, view);
  if (focused) view.focus();
  label.addEventListener("click", () => view.focus());
}

const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));
if (matchMedia("(pointer: fine)").matches) whenIdle(() => {
  for (const frame of document.querySelectorAll("[data-code]")) enhance(frame, frame.closest("form")).catch(() => {}); // the plain field goes on
});
