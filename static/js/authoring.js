// What the editors do beyond HTML: a word before typed text is left behind, CodeMirror for code, the place after a link.

const unsaved = new Set();
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-unsaved]");
  if (form) unsaved.add(form);
});
document.addEventListener("submit", () => unsaved.clear());
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// A problem or a link may lead into something that is closed.
function reveal() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = place?.querySelector(":scope > details") ?? place?.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
  if (place?.matches("input, textarea, select")) place.focus();
}
addEventListener("hashchange", reveal);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".problems a[href^='#']")) setTimeout(reveal);
});
reveal();

async function enhance(frame, form) {
  const { mount } = await import(form.dataset.module);
  const source = frame.querySelector("textarea"), label = source.labels[0];
  const attributes = { "aria-labelledby": label.id };
  const onChange = (text) => {
    if (source.value === text) return;
    source.value = text;
    source.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const language = form.dataset.codeLanguage, unit = language === "javascript" ? "  " : "    ";
  const view = mount(source, { language, unit, tabIndents: false, attributes, onChange });
  source.after(view.dom);
  source.hidden = true;
  label.addEventListener("click", () => view.focus());
}

const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));
if (matchMedia("(pointer: fine)").matches) whenIdle(() => {
  for (const frame of document.querySelectorAll("[data-code]")) enhance(frame, frame.closest("form")).catch(() => {}); // the plain field goes on
});
