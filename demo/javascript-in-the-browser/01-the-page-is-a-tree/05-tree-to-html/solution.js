const WITHOUT_END = new Set(["br", "hr", "img", "input"]);

/* The ampersand first: later it would find those that the other two have put in. */
const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The HTML of a tree: a string, or an object with a tag, attributes and children. */
function toHtml(node) {
  if (typeof node === "string") return escaped(node);
  const attributes = Object.entries(node.attributes ?? {})
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', "&quot;")}"`)
    .join("");
  const start = `<${node.tag}${attributes}>`;
  if (WITHOUT_END.has(node.tag)) return start;
  // The arrow keeps position and array, which map hands over as well, away from toHtml.
  const inside = (node.children ?? []).map((child) => toHtml(child)).join("");
  return `${start}${inside}</${node.tag}>`;
}
