// What controls do beyond HTML: keys, dialogs, menus, copying, showing a password, theme, video.
// One listener each on the document; elements say by data- attributes what they want.

const words = document.body.dataset;

function addCopyButtons(root) {
  for (const pre of root.querySelectorAll(".code pre:not([data-copied], .opt *)")) {
    pre.dataset.copied = "";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: words.wordCopy });
    button.dataset.copy = "";
    pre.closest(".code").querySelector("figcaption")?.append(button);
  }
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const text = field ? field.value ?? field.textContent : button.closest(".code").querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(text.trimEnd());
  } catch {
    return field?.select?.(); // refused: at least select it
  }
  const label = button.textContent;
  if (label === words.wordCopied) return;
  button.textContent = words.wordCopied;
  document.dispatchEvent(new CustomEvent("say", { detail: { text: words.wordCopied } }));
  setTimeout(() => { button.textContent = label; }, 2000);
}

function showPassword(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
}

function playVideo(link) {
  const frame = Object.assign(document.createElement("iframe"), { src: link.dataset.player, title: link.dataset.title, allow: "autoplay; fullscreen; picture-in-picture" });
  link.replaceWith(frame);
  frame.focus();
}

const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));

document.addEventListener("click", (event) => {
  const found = (name) => event.target.closest(`[data-${name}]`);
  let control;
  closeMenus(event.target.closest("details.menu"));
  if ((control = found("copy"))) copy(control);
  else if ((control = found("reveal"))) showPassword(control);
  else if ((control = found("dialog"))) document.getElementById(control.dataset.dialog).showModal();
  else if ((control = found("player")) && !event.ctrlKey && !event.metaKey) { event.preventDefault(); playVideo(control); }
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-theme-choice]")) document.documentElement.dataset.theme = target.value;
});

const CHOICE = "[type=radio], [type=checkbox]"; // pressed by a key, where other fields are typed into
const typing = (node) => node.isContentEditable || node.matches(`input:not(${CHOICE}), textarea, select, [role=textbox]`);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    closeMenus();
    if (menu?.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
  if (!plain || words.shortcuts === "off" || typing(event.target) || document.querySelector("dialog[open]")) return;
  const control = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((node) => node.checkVisibility());
  if (!control) return;
  event.preventDefault();
  control.focus();
  if (!control.matches(`input:not(${CHOICE})`)) control.click();
});

addCopyButtons(document);
for (const field of document.querySelectorAll("[data-timezone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.addEventListener("htmx:after:swap", () => addCopyButtons(document));

// How quick the page was is measured once it stands, so that nobody waits for it; what a program opens is no visit.
const uncounted = navigator.webdriver || navigator.globalPrivacyControl || navigator.doNotTrack === "1";
if (!uncounted) setTimeout(() => import(words.vitals), 5000);
