"""What can be told about a page without eyes: axe, widths, headings, ids, empty boxes."""

from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

from tests.flows.conftest import DESKTOP, NARROW, PHONE

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The two themes differ in colours alone: the second is asked only what colours can change.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = """
async (only) => {
  // Two frames: by then every colour of the theme has arrived.
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const {violations} = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return violations.flatMap(({id, nodes}) => nodes.map((node) => {
    const [check] = [...node.any, ...node.all, ...node.none];
    return `${id}: ${node.target} ${check?.message}`;
  }));
}
"""
LOOK = """
() => {
  const problems = [];
  const root = document.documentElement;
  if (!root.lang) problems.push("html has no lang");
  if (root.scrollWidth > innerWidth) {
    const cut = (node) => getComputedStyle(node).overflowX !== "visible";
    const wide = [...document.querySelectorAll("main, body :not(svg *)")].filter((node) => {
      if (node.getBoundingClientRect().right <= innerWidth + 1) return false;
      let above = node.parentElement;
      while (above && !cut(above)) above = above.parentElement;
      return !above || above === root || above === document.body;
    }).map((node) => `${node.localName}.${node.className} ${node.textContent.trim().slice(0, 20)}`);
    problems.push(`scrolls sideways by ${root.scrollWidth - innerWidth}px: ${wide.slice(-2)}`);
  }
  const shown = (node) => node.checkVisibility({visibilityProperty: true});
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
  const levels = headings.map((node) => Number(node.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) problems.push("not exactly one h1");
  levels.forEach((level, at) => {
    if (level > (levels[at - 1] ?? 0) + 1)
      problems.push(`heading level skipped: ${headings[at].textContent.trim()}`);
  });
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) problems.push(`ids used twice: ${twice}`);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
    for (const node of document.querySelectorAll(`[${name}]`))
      for (const id of node.getAttribute(name).split(" "))
        if (!ids.includes(id)) problems.push(`${name} names what is not there: ${id}`);
  for (const node of document.querySelectorAll("form[method=post]"))
    if (!node.elements.csrfmiddlewaretoken) problems.push(`form without a token: ${node.action}`);
  for (const node of document.querySelectorAll("[tabindex]"))
    if (node.tabIndex > 0) problems.push("positive tabindex");
  const filled = "img, svg, input, textarea, select, video, iframe, progress, math, hr";
  const drawn = `${filled}, td, [aria-hidden] *, svg *, math *`;
  for (const node of document.querySelectorAll("body *")) {
    if (node.matches(drawn) || node.querySelector(filled)) continue;
    if (node.textContent.trim() || !shown(node)) continue;
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (box.width < 2 || box.height < 2) continue;
    const bordered = ["Top", "Left", "Bottom", "Right"].some((side) =>
      parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none");
    if (bordered) problems.push(`an empty box is visible: ${node.outerHTML.slice(0, 80)}`);
  }
  return problems;
}
"""


@dataclass
class Looker:
    """Looks at pages at three widths and in two themes and keeps what it did not like.

    A phone's page is the narrow one with more room: it is measured, axe has seen it.
    """

    page: Page
    widths: tuple[tuple[int, int], ...] = (NARROW, PHONE, DESKTOP)
    problems: list[str] = field(default_factory=list)

    def visit(self, address: str, status: int = 200) -> None:
        answer = self.page.goto(address)
        if answer is None or answer.status != status:
            self.problems.append(f"{address}: answered {answer and answer.status}")
        self.look(address)

    def look(self, name: str) -> None:
        """Look at what is open now, without loading it anew."""
        page = self.page
        school = f" - {settings.SITE_NAME}"
        if not page.title().endswith(school) and settings.SITE_NAME not in page.title():
            self.problems.append(f"{name}: title {page.title()!r}")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        before = page.viewport_size
        for width, height in self.widths:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            where = f"{name} at {width}px"
            self.note(where, page.evaluate(LOOK))
            if (width, height) == PHONE:
                continue
            self.note(where, self.axe({"type": "tag", "values": TAGS}))
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            self.note(f"{where}, dark", self.axe({"type": "rule", "values": OF_COLOURS}))
        if before:
            page.set_viewport_size(before)

    def axe(self, only: dict[str, Any]) -> list[str]:
        found: list[str] = self.page.evaluate(RUN_AXE, only)
        return found

    def note(self, where: str, found: list[str]) -> None:
        self.problems += [f"{where}: {problem}" for problem in found]
