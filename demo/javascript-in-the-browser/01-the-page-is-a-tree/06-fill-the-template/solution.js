const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (value) => String(value).replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/** The template with its gaps filled in. */
function fill(template, values) {
  // A function as the second argument: in a string, signs such as $& would have a meaning. And one
  // walk through the template, so that nothing is looked for in what has been put in.
  return template.replace(/\{\{ *(\w+) *\}\}/g, (gap, name) =>
    Object.hasOwn(values, name) ? escaped(values[name]) : gap,
  );
}
