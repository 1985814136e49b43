// The field for code: CodeMirror where there is a mouse, symbols for phones, keys, and what is not saved yet.

const UNITS = { python: "    ", javascript: "  " };
const editors = new WeakMap(); // by frame: its field, and the view once there is one
const frames = () => document.querySelectorAll("[data-editor]");
const unitOf = (frame) => UNITS[frame.dataset.language] ?? "    ";
const tell = (source) => source.dispatchEvent(new Event("input", { bubbles: true }));
const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));

// What was typed and is not saved outlives the page, for this person alone.
const keyOf = (frame, source) => `draft:${frame.dataset.owner}:${source.form?.action}`;
const versionOf = (frame) => frame.querySelector("[name=draft]").value;
const drafts = {
  read: (key) => JSON.parse(sessionStorage.getItem(key) ?? "null"),
  keep: (key, draft) => sessionStorage.setItem(key, JSON.stringify({ ...drafts.read(key), ...draft })),
  forget: (key) => sessionStorage.removeItem(key),
};

// The server knows better if its version moved, unless what moved it came from here.
function restore(frame, source) {
  const key = keyOf(frame, source), draft = drafts.read(key);
  if (!draft || draft.text === source.value) return drafts.forget(key);
  if (draft.version !== versionOf(frame) && draft.sent !== source.value) return drafts.forget(key);
  source.value = draft.text;
  document.dispatchEvent(new CustomEvent("say", { detail: { text: "What you typed and had not saved is back." } }));
  const send = () => setTimeout(() => tell(source)); // htmx takes the form up by a timer of its own
  document.readyState === "complete" ? send() : addEventListener("load", send);
}

// A version that moved on says that what was sent is saved; what was typed since stays a draft.
function settle(frame, source) {
  const key = keyOf(frame, source), draft = drafts.read(key), version = versionOf(frame);
  if (!draft || draft.version === version) return;
  if (draft.text === draft.sent) drafts.forget(key);
  else drafts.keep(key, { version });
}

async function enhance(frame, editor) {
  const { mount } = await import(frame.dataset.module);
  const { source } = editor;
  if (editors.get(frame) !== editor || editor.view) return;
  const hint = frame.querySelector("#source-keys");
  const attributes = { "aria-labelledby": source.labels[0].id, ...(hint && { "aria-describedby": hint.id }) };
  const onChange = (text) => {
    if (source.value === text) return;
    source.value = text;
    tell(source);
  };
  const { language, tabIndents } = frame.dataset, focused = document.activeElement === source;
  const view = mount(source, { language, unit: unitOf(frame), tabIndents: tabIndents !== undefined, attributes, onChange });
  view.dom.style.height = source.style.height; // as somebody has dragged it
  source.after(view.dom);
  source.hidden = true;
  editor.view = view;
  source.labels[0].addEventListener("click", () => view.focus());
  if (focused) view.focus();
}

function prepare(frame, source) {
  const editor = { source };
  editors.get(frame)?.view?.destroy();
  editors.set(frame, editor);
  restore(frame, source);
  if (!matchMedia("(pointer: fine)").matches) return;
  const start = () => enhance(frame, editor).catch(() => {}); // the plain field goes on
  source.addEventListener("focus", start, { once: true });
  whenIdle(start);
}

// What the page or the server has put into the field.
function show({ source, view }) {
  const length = view?.state.doc.length;
  if (view && view.state.doc.toString() !== source.value) view.dispatch({ changes: { from: 0, to: length, insert: source.value } });
}

function attend() {
  for (const frame of frames()) {
    const source = frame.querySelector("textarea"), editor = editors.get(frame);
    if (editor?.source !== source || editor.view?.dom.isConnected === false) prepare(frame, source);
    else show(editor);
    settle(frame, source);
  }
}

function insert(source, text) {
  source.focus();
  if (document.execCommand("insertText", false, text)) return; // can be undone, which setRangeText cannot
  source.setRangeText(text, source.selectionStart, source.selectionEnd, "end");
  tell(source);
}

function goTo(line) {
  const { source, view } = editors.get(document.querySelector("[data-editor]"));
  const lines = source.value.split("\n");
  const at = lines.slice(0, Math.min(line, lines.length) - 1).reduce((sum, text) => sum + text.length + 1, 0);
  (view ?? source).focus();
  if (view) return view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
  source.setSelectionRange(at, at);
  source.blur(); // taking the focus anew brings the place into view
  source.focus();
}

document.addEventListener("input", ({ target }) => {
  const frame = target.closest?.("[data-editor]");
  if (editors.get(frame)?.source === target) drafts.keep(keyOf(frame, target), { version: versionOf(frame), text: target.value });
});
document.addEventListener("change", ({ target }) => {
  const editor = editors.get(target.closest?.("[data-editor]"));
  if (editor?.source === target) show(editor);
});
document.addEventListener("keydown", (event) => {
  const { target, ctrlKey, metaKey, altKey, shiftKey, key } = event;
  if (key !== "Enter" || altKey || !(ctrlKey || metaKey)) return;
  const button = document.querySelector(shiftKey ? "[data-submit]" : "[data-run]");
  if (!button || (target !== document.body && !target.closest?.("[data-editor]"))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) button.click();
}, true);
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".symbols")) event.preventDefault(); // the keyboard of the phone stays
});
document.addEventListener("click", (event) => {
  const symbol = event.target.closest("[data-insert]"), place = event.target.closest("[data-goto]");
  if (symbol) insert(editors.get(symbol.closest("[data-editor]")).source, symbol.dataset.insert || unitOf(symbol.closest("[data-editor]")));
  if (!place) return;
  event.preventDefault();
  goTo(Number(place.dataset.goto));
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  for (const frame of frames()) {
    const { source } = editors.get(frame), key = keyOf(frame, source), sent = ctx.request.body?.get?.(source.name);
    if (typeof sent === "string" && drafts.read(key)) drafts.keep(key, { sent });
  }
});
document.addEventListener("htmx:after:swap", attend);
attend();
