/* Runs a learner's JavaScript in Node, and sends out what a call gave back.

   The learner's program may change every built-in. What is needed after it ran is therefore taken
   before, and nothing is looked up on prototypes then. Even so nothing in here is trusted: it holds
   no expected value. Values are written as the other harnesses write them. */
"use strict";

const { spawnSync } = require("node:child_process");
const { readFileSync, writeSync } = require("node:fs");
const { createRequire } = require("node:module");
const vm = require("node:vm");

const { bind, call } = Function.prototype;
const method = bind.bind(call);
const { isArray } = Array;
const { isInteger } = Number;
const { is, hasOwn, getPrototypeOf, prototype: plainPrototype } = Object;
const { ownKeys, getOwnPropertyDescriptor: describe, apply } = Reflect;
const [text, big, error, rangeError, promise] = [String, BigInt, Error, RangeError, Promise];
const codeAt = method(String.prototype.charCodeAt);
const slice = method(String.prototype.slice);
const hexOf = method(Number.prototype.toString);
const hexOfBig = method(BigInt.prototype.toString);
const isView = ArrayBuffer.isView;
const mapSize = method(describe(Map.prototype, "size").get);
const setSize = method(describe(Set.prototype, "size").get);
const eachOfMap = method(Map.prototype.forEach);
const eachOfSet = method(Set.prototype.forEach);
const then = method(Promise.prototype.then);
const find = method(String.prototype.indexOf);
const bytesOf = Buffer.from;
const viewOf = method(Buffer.prototype.subarray);
const inspect = require("node:util").inspect;
const leave = process.reallyExit.bind(process);
const exitCodeOf = () => process.exitCode;

// ---- a value on its way out ----------------------------------------------------------------------

const MAX_DEPTH = 60, MAX_VALUES = 50000, MAX_SIZE = 200000;
const TOO_LARGE = { toString: () => "The value is too large to be looked at." };
let values = 0, size = 0;

const leaf = (kind, content) => {
  size += content.length;
  if (size > MAX_SIZE) throw TOO_LARGE;
  return `["${kind}","${content}"]`;
};
const textLeaf = (kind, content) => {
  if (content.length > MAX_SIZE) throw TOO_LARGE;
  let hex = "";
  for (let at = 0; at < content.length; at++)
    hex += slice(`000${hexOf(codeAt(content, at), 16)}`, -4);
  return leaf(kind, hex);
};
const number = (value) => isInteger(value) && !is(value, -0) && value <= 2 ** 53 && value >= -(2 ** 53)
  ? leaf("int", hexOfBig(big(value), 16)) : leaf("float", is(value, -0) ? "-0" : text(value));
const other = (name, inside = "") => {
  const opened = textLeaf("other16", name);
  return inside ? `${slice(opened, 0, -1)},${inside}]` : opened;
};
const probes = (value, probe) => { try { probe(value); return true; } catch { return false; } };
const nameOf = (value) => {
  const prototype = getPrototypeOf(value);
  const maker = prototype && describe(prototype, "constructor")?.value;
  const name = typeof maker === "function" && describe(maker, "name")?.value;
  return typeof name === "string" && name ? name : "Object";
};

const encode = (value, depth) => {
  if (++values > MAX_VALUES || depth > MAX_DEPTH) throw TOO_LARGE;
  if (value === null) return '["none"]';
  switch (typeof value) {
    case "undefined": return '["undefined"]';
    case "boolean": return `["bool","${value ? 1 : 0}"]`;
    case "number": return number(value);
    case "bigint": return leaf("int", hexOfBig(value, 16));
    case "string": return textLeaf("text16", value);
    case "object": return encodeObject(value, depth);
    default: return other(typeof value === "function" ? "Function" : "Symbol");
  }
};
const encodeObject = (value, depth) => {
  let inside = "";
  if (isArray(value) || (isView(value) && typeof value.length === "number")) {
    for (let at = 0; at < value.length; at++) inside += `,${encode(value[at], depth + 1)}`;
    return `["list"${inside}]`;
  }
  if (probes(value, mapSize)) {
    eachOfMap(value, (item, key) => { inside += `,${encode(key, depth + 1)},${encode(item, depth + 1)}`; });
    return `["dict"${inside}]`;
  }
  if (probes(value, setSize)) {
    eachOfSet(value, (item) => { inside += `,${encode(item, depth + 1)}`; });
    return `["set"${inside}]`;
  }
  const prototype = getPrototypeOf(value);
  if (prototype === plainPrototype || prototype === null) return encodeFields(value, depth);
  return other(nameOf(value), encodeFields(value, depth + 1));
};
const encodeFields = (value, depth) => {
  const keys = ownKeys(value);
  let inside = "";
  for (let at = 0; at < keys.length; at++) {
    const property = describe(value, keys[at]);
    if (typeof keys[at] !== "string" || !property?.enumerable) continue;
    const item = hasOwn(property, "value") ? encode(property.value, depth + 1) : other("Accessor");
    inside += `,${textLeaf("text16", keys[at])},${item}`;
  }
  return `["dict"${inside}]`;
};

// ---- the way out ---------------------------------------------------------------------------------

const { nonce, source, name, parameters } = JSON.parse(readFileSync("/src/task", "utf8"));

const writeAll = (descriptor, content) => {
  let left = bytesOf(content, "utf8");
  while (left.length)
    try { left = viewOf(left, writeSync(descriptor, left)); } catch (thrown) {
      if (describe(thrown, "code")?.value !== "EAGAIN") return;
    }
};
/* The last thing on stdout: nobody's farewell is heard after it. */
const send = (content, code) => {
  writeAll(1, `\x1eWAYMARK ${nonce} ${content}\n`);
  leave(code);
};
const explain = (thrown) => {
  try { return inspect(thrown); } catch { return "an error that cannot be shown"; }
};
const isOutOfMemory = (thrown) => thrown instanceof rangeError
  && find(text(describe(thrown, "message")?.value), "allocation failed") >= 0;
const refuse = (thrown) => {
  const stack = text(describe(thrown, "stack")?.value ?? thrown)
    .replace(/^(?:file:\/\/)?\/src\/main\.m?js/, "main.js");
  const frames = find(stack, "\n    at ");
  writeAll(2, `${frames < 0 ? stack : slice(stack, 0, frames)}\n`);
  send('{"fault":"compile"}', 1);
};
const raised = (thrown) => {
  writeAll(2, `Uncaught ${explain(thrown)}\n`);
  if (isOutOfMemory(thrown)) send('{"fault":"memory"}', 1);
  const kind = thrown instanceof error ? nameOf(thrown) : typeof thrown;
  send(`{"raised":${textLeaf("text16", kind)}}`, 1);
};
const settle = (value) => {
  let content;
  try { content = `{"value":${encode(value, 0)}}`; } catch (thrown) {
    writeAll(2, `${thrown === TOO_LARGE ? TOO_LARGE.toString() : explain(thrown)}\n`);
    send('{"fault":"size"}', 1);
  }
  send(content, 0);
};
const called = (found) => {
  if (typeof found !== "function") {
    writeAll(2, `main.js defines no function ${name}.\n`);
    send('{"fault":"missing"}', 1);
  }
  try {
    const given = apply(found, undefined, argumentsOfCall);
    if (given instanceof promise) then(given, settle, raised);
    else settle(given);
  } catch (thrown) { raised(thrown); }
};

// ---- the learner's program -----------------------------------------------------------------------

const FILE = "/src/main.js";
const NAMES = ["exports", "require", "module", "__filename", "__dirname"];
const isLikeModule = /^\s*(?:import\b|export\b)|\bawait\b/m.test(source);
const path = name.split(".");
const isName = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/.test(name);
const argumentsOfCall = vm.runInThisContext(parameters);
const follow = (found, at) => {
  for (; at < path.length; at++) found = found?.[path[at]];
  return found;
};

const runModule = () => {
  try { new vm.SourceTextModule(source, { identifier: FILE }); } catch (thrown) {
    /* Of a module, where it does not compile is known to Node's own check alone. */
    const checked = spawnSync(process.execPath, ["--check", "/src/main.mjs"], { encoding: "utf8" });
    refuse({ stack: checked.stderr || thrown.stack });
  }
  const loaded = import("/src/main.mjs");
  if (name) then(loaded, (space) => called(follow(space, 0)), failed);
};
/* Before a function is called at all, an error is a program's and is shown as one. */
const failed = (thrown) => {
  writeAll(2, `Uncaught ${explain(thrown)}\n`);
  send(isOutOfMemory(thrown) ? '{"fault":"memory"}' : '{"fault":"import"}', 1);
};
const runScript = () => {
  const module = { exports: {}, filename: FILE, id: ".", children: [], paths: [], loaded: false };
  const require = createRequire(FILE);
  require.main = module;
  const given = [module.exports, require, module, FILE, "/src"];
  if (!name) {
    apply(vm.compileFunction(source, NAMES, { filename: FILE }), module.exports, given);
    return;
  }
  if (!isName) called(undefined);
  const lookUp = `\n;__found(typeof ${path[0]} === "undefined" ? undefined : ${path[0]});`;
  const program = vm.compileFunction(source + lookUp, [...NAMES, "__found"], { filename: FILE });
  let declared;
  const all = [...given, (found) => { declared = found; }];
  try { apply(program, module.exports, all); } catch (thrown) { failed(thrown); }
  called(follow(module.exports, 0) ?? follow(declared, 1));
};

/* Otherwise what is not read at once waits in memory, and is lost when the program leaves. */
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);

process.argv.splice(1, process.argv.length, FILE);
try {
  vm.compileFunction(source, NAMES, { filename: FILE });
} catch (thrown) {
  if (!isLikeModule) refuse(thrown);
  runModule();
  return;
}
runScript();
