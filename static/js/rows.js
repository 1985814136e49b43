// In a list of rows: j to the next one, k to the one before, e for what is done.
const typing = (node) => node.isContentEditable || node.matches("input:not([type=checkbox]), textarea, select");
const doneOf = (row) => [...(row?.closest("li").querySelectorAll("[data-done]") ?? [])].find((button) => button.closest("li") === row.closest("li"));
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1, e: 0 }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.shortcuts === "off") return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  // The innermost: a row may stand in a group, which is a row itself.
  const here = rows.findLastIndex((row) => row.closest("li").contains(document.activeElement));
  const next = step ? rows[here < 0 ? 0 : here + step] : doneOf(rows[here]);
  if (!next) return;
  event.preventDefault();
  if (step) next.focus();
  else next.click();
});
