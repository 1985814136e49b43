// A button that prints the page it stands on.

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});
