// What codemirror.js is built from: see docs/decisions/0014-codemirror-is-built-once.md.
// One function: a CodeMirror view on the text of a field. What the field and the page have to do with it is in js/editor.js.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { javascript } from "@codemirror/legacy-modes/mode/javascript";
import { python } from "@codemirror/legacy-modes/mode/python";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tagHighlighter, tags as t } from "@lezer/highlight";
import { StyleModule } from "style-mod";

// A sheet that a script adopts needs no nonce, and in the layer "base" it gives way to the page's own styles.
const sheet = new CSSStyleSheet();
StyleModule.mount = (root, modules) => {
  sheet.replaceSync(`@layer base {${modules.map((module) => module.getRules()).join("\n")}}`);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
};

// Pygments' short classes, so that code being written looks like code in the lesson.
const colours = tagHighlighter([
  { tag: [t.keyword, t.bool, t.atom], class: "k" },
  { tag: [t.string, t.regexp], class: "s" },
  { tag: t.number, class: "m" },
  { tag: [t.definition(t.variableName), t.standard(t.variableName), t.className], class: "nf" },
  { tag: t.meta, class: "nd" },
  { tag: t.comment, class: "c" },
]);
const languages = { python: StreamLanguage.define(python), javascript: StreamLanguage.define(javascript) };
const ESCAPE_MS = 60_000; // so long Tab leaves after Esc, where CodeMirror gives two seconds

const leaveByEscape = EditorView.domEventHandlers({
  keyup: (event, view) => { if (event.key === "Escape") view.setTabFocusMode(ESCAPE_MS); },
});

// Where a coloured selection is typed over, Chromium would give what is typed its colour as an inline style, which the policy refuses.
const typeOver = EditorView.domEventHandlers({
  beforeinput: ({ inputType, isComposing, data }, view) => {
    const { from, to, empty } = view.state.selection.main;
    if (inputType !== "insertText" || isComposing || empty || !data || view.state.readOnly) return false;
    const typed = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, typed))) view.dispatch(typed());
    return true;
  },
});

export function mount(source, { language, unit, tabIndents, attributes, onChange }) {
  return new EditorView({
    doc: source.value,
    selection: { anchor: source.selectionStart, head: source.selectionEnd },
    extensions: [
      lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), indentOnInput(), bracketMatching(), closeBrackets(),
      languages[language] ?? [], syntaxHighlighting(colours), indentUnit.of(unit), EditorState.tabSize.of(unit.length),
      keymap.of([...closeBracketsKeymap, ...historyKeymap, ...(tabIndents ? [indentWithTab] : []), ...defaultKeymap]),
      tabIndents ? leaveByEscape : [], typeOver,
      EditorState.readOnly.of(source.readOnly),
      EditorView.editorAttributes.of({ class: "highlight" }),
      EditorView.contentAttributes.of({ ...attributes, tabindex: "0" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()); }),
    ],
  });
}
