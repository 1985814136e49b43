/* Runs a learner's JavaScript inside QuickJS: what of Node an exercise needs (console, require of fs
   and readline, process, timers), and the way out for what a call gave back.

   The learner's program may change every built-in. What is needed after it ran is therefore taken
   before, and nothing is pushed into arrays or looked up on prototypes then, which QuickJS does even
   for templates. Even so nothing in here
   is trusted: it holds no expected value. The last expression is the one function the host calls. */
(() => {
  "use strict";
  const { std, os } = globalThis;
  const { bind, call } = Function.prototype;
  const method = bind.bind(call);
  const { isArray } = Array;
  const { isInteger } = Number;
  const { is, hasOwn, getPrototypeOf, prototype: plainPrototype } = Object;
  const { ownKeys, getOwnPropertyDescriptor: describe, apply } = Reflect;
  const [text, big, error, promise] = [String, BigInt, Error, Promise];
  const [stringify, now] = [JSON.stringify, performance.now.bind(performance)];
  const codeAt = method(String.prototype.charCodeAt);
  const hexOf = method(Number.prototype.toString);
  const hexOfBig = method(BigInt.prototype.toString);
  const isView = ArrayBuffer.isView;
  const mapSize = method(describe(Map.prototype, "size").get);
  const setSize = method(describe(Set.prototype, "size").get);
  const eachOfMap = method(Map.prototype.forEach);
  const eachOfSet = method(Set.prototype.forEach);
  const then = method(Promise.prototype.then);
  const stackOf = (thrown) => { try { return thrown.stack; } catch { return undefined; } };
  const showError = method(Error.prototype.toString);
  const showFunction = method(Function.prototype.toString);
  const showDate = method(Date.prototype.toISOString);
  const showRegExp = method(RegExp.prototype.toString);
  const showSymbol = method(Symbol.prototype.toString);
  const [find, slice, replaceAll, split, join] = [
    method(String.prototype.indexOf), method(String.prototype.slice),
    method(String.prototype.replaceAll), method(String.prototype.split),
    method(Array.prototype.join),
  ];
  const [output, complaint, input] = [std.out, std.err, std.in];
  const [puts, flush] = [method(output.puts), method(output.flush)];
  const readAll = method(input.readAsString);
  const { exit } = std;
  const { sleep, setTimeout: wake } = os;
  for (const name of ["std", "os", "bjson", "print", "gc", "scriptArgs", "execArgv", "argv0", "navigator"])
    delete globalThis[name];

  const brandOf = (value, probe) => {
    try { probe(value); return true; } catch { return false; }
  };
  const isMap = (value) => brandOf(value, mapSize);
  const isSet = (value) => brandOf(value, setSize);
  const nameOf = (value) => {
    const prototype = getPrototypeOf(value);
    const maker = prototype && describe(prototype, "constructor")?.value;
    const name = typeof maker === "function" && describe(maker, "name")?.value;
    return typeof name === "string" && name ? name : "Object";
  };

  // ---- a value on its way out --------------------------------------------------------------------

  const MAX_DEPTH = 60, MAX_VALUES = 50000, MAX_SIZE = 200000;
  const TOO_LARGE = { toString: () => "The value is too large to be looked at." };
  let values = 0, size = 0;

  const leaf = (kind, content) => {
    size += content.length;
    if (size > MAX_SIZE) throw TOO_LARGE;
    return '["' + kind + '","' + content + '"]';
  };
  const textLeaf = (kind, content) => {
    if (content.length > MAX_SIZE) throw TOO_LARGE;
    let hex = "";
    for (let at = 0; at < content.length; at++) {
      const unit = hexOf(codeAt(content, at), 16);
      hex += unit.length === 4 ? unit : unit.length === 3 ? "0" + unit : unit.length === 2 ? "00" + unit : "000" + unit;
    }
    return leaf(kind, hex);
  };
  const intLeaf = (value) => leaf("int", hexOfBig(value, 16));
  const number = (value) => isInteger(value) && !is(value, -0) && value <= 2 ** 53 && value >= -(2 ** 53)
    ? intLeaf(big(value)) : leaf("float", is(value, -0) ? "-0" : text(value));
  const other = (name, inside = "") => {
    const opened = textLeaf("other16", name);
    return inside ? "" + slice(opened, 0, -1) + "," + inside + "]" : opened;
  };

  const encode = (value, depth) => {
    if (++values > MAX_VALUES || depth > MAX_DEPTH) throw TOO_LARGE;
    if (value === null) return '["none"]';
    switch (typeof value) {
      case "undefined": return '["undefined"]';
      case "boolean": return '["bool","' + (value ? 1 : 0) + '"]';
      case "number": return number(value);
      case "bigint": return intLeaf(value);
      case "string": return textLeaf("text16", value);
      case "object": return encodeObject(value, depth);
      default: return other(typeof value === "function" ? "Function" : "Symbol");
    }
  };
  const encodeObject = (value, depth) => {
    if (isArray(value) || (isView(value) && typeof value.length === "number")) {
      let inside = "";
      for (let at = 0; at < value.length; at++) inside += "," + encode(value[at], depth + 1);
      return '["list"' + inside + "]";
    }
    if (isMap(value)) {
      let inside = "";
      eachOfMap(value, (item, key) => { inside += "," + encode(key, depth + 1) + "," + encode(item, depth + 1); });
      return '["dict"' + inside + "]";
    }
    if (isSet(value)) {
      let inside = "";
      eachOfSet(value, (item) => { inside += "," + encode(item, depth + 1); });
      return '["set"' + inside + "]";
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
      inside += "," + textLeaf("text16", keys[at]) + "," + item;
    }
    return '["dict"' + inside + "]";
  };

  // ---- a value on the screen ---------------------------------------------------------------------

  const quoted = (value) => {
    const mark = find(value, "'") < 0 ? "'" : find(value, '"') < 0 ? '"' : "`";
    const inside = slice(stringify(value), 1, -1);
    return mark + (mark === '"' ? inside : replaceAll(inside, '\\"', '"')) + mark;
  };
  const plainName = (key) => typeof key === "symbol" ? `[${showSymbol(key)}]`
    : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
  const within = (open, parts, close) => {
    if (!parts.length) return open + close;
    const line = `${open} ${join(parts, ", ")} ${close}`;
    return line.length <= 76 && find(line, "\n") < 0 ? line
      : `${open}\n  ${join(split(join(parts, ",\n"), "\n"), "\n  ")}\n${close}`;
  };
  const inspect = (value, depth = 0, seen = []) => {
    if (typeof value === "string") return depth ? quoted(value) : value;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "symbol") return showSymbol(value);
    if (is(value, -0)) return "-0";
    if (typeof value === "function") {
      const name = describe(value, "name")?.value;
      const kind = slice(showFunction(value), 0, 6) === "class " ? "class" : "Function";
      return kind === "class" ? `[class ${name || "(anonymous)"}]` : name ? `[Function: ${name}]` : "[Function (anonymous)]";
    }
    if (typeof value !== "object" || value === null) return text(value);
    if (seen.includes(value)) return "[Circular *1]";
    if (value instanceof error) return depth ? `[${explain(value)}]` : explain(value);
    if (depth > 3) return isArray(value) ? "[Array]" : `[${nameOf(value)}]`;
    return inspectObject(value, depth, [...seen, value]);
  };
  const inspectObject = (value, depth, seen) => {
    const inner = (item) => inspect(item, depth + 1, seen);
    if (value instanceof Date) return showDate(value);
    if (value instanceof RegExp) return showRegExp(value);
    if (value instanceof promise) return "Promise {}";
    const name = nameOf(value);
    if (isArray(value) || (isView(value) && typeof value.length === "number")) {
      const parts = [];
      for (let at = 0; at < value.length && at < 100; at++) parts[at] = inner(value[at]);
      if (value.length > 100) parts[100] = `... ${value.length - 100} more items`;
      return within(isArray(value) ? "[" : `${name}(${value.length}) [`, parts, "]");
    }
    if (isMap(value)) {
      const parts = [];
      eachOfMap(value, (item, key) => { parts[parts.length] = `${inner(key)} => ${inner(item)}`; });
      return within(`Map(${mapSize(value)}) {`, parts, "}");
    }
    if (isSet(value)) {
      const parts = [];
      eachOfSet(value, (item) => { parts[parts.length] = inner(item); });
      return within(`Set(${setSize(value)}) {`, parts, "}");
    }
    const parts = [];
    for (const key of ownKeys(value)) {
      const property = describe(value, key);
      if (property?.enumerable)
        parts[parts.length] = `${plainName(key)}: ${hasOwn(property, "value") ? inner(property.value) : "[Getter]"}`;
    }
    const open = getPrototypeOf(value) === null ? "[Object: null prototype] {" : name === "Object" ? "{" : `${name} {`;
    return within(open, parts, "}");
  };
  const format = (parts) => {
    let [first, ...rest] = parts;
    if (typeof first === "string")
      first = first.replace(/%[sdifjoO%]/g, (mark) => {
        if (mark === "%%") return "%";
        if (!rest.length) return mark;
        const item = rest.shift();
        if (mark === "%s") return typeof item === "object" ? inspect(item, 1) : text(item);
        if (mark === "%d") return text(Number(item));
        if (mark === "%i") return text(parseInt(item));
        if (mark === "%f") return text(parseFloat(item));
        return mark === "%j" ? stringify(item) : inspect(item, 1);
      });
    return parts.length ? join([first, ...rest].map((item) => inspect(item)), " ") : "";
  };
  /* An error as Node shows it, without the frames of this file. */
  const explain = (thrown) => {
    if (!(thrown instanceof error)) return inspect(thrown, 1);
    let head;
    try { head = showError(thrown); } catch { head = "Error"; }
    const stack = stackOf(thrown);
    if (typeof stack !== "string") return head;
    const lines = split(stack, "\n");
    for (let at = 0; at < lines.length; at++)
      if (lines[at] && find(lines[at], "waymark:") < 0 && find(lines[at], "(native)") < 0) head += "\n" + lines[at];
    return head;
  };

  // ---- what of Node is here ----------------------------------------------------------------------

  let indent = "";
  const say = (stream, parts) => {
    const line = format(parts);
    puts(stream, `${indent ? indent + replaceAll(line, "\n", `\n${indent}`) : line}\n`);
  };
  const log = (...parts) => say(output, parts);
  const warn = (...parts) => say(complaint, parts);
  globalThis.console = {
    log, info: log, debug: log, dir: (value) => log(value), table: (value) => log(value),
    error: warn, warn, trace: (...parts) => warn("Trace:", ...parts),
    assert: (holds, ...parts) => { if (!holds) warn("Assertion failed", ...parts); },
    group: (...parts) => { if (parts.length) log(...parts); indent += "  "; },
    groupEnd: () => { indent = indent.slice(2); },
    time() {}, timeEnd() {}, timeLog() {}, count() {}, countReset() {},
  };

  let stdin = null;
  const wholeInput = () => stdin ??= readAll(input);
  const leave = (code) => { flush(output); flush(complaint); exit(code); };

  let timers = [], lastTimer = 0;
  const later = (again) => (callback, delay = 0, ...parameters) => {
    const wait = Math.max(1, Number(delay) || 0);
    const timer = { id: ++lastTimer, at: now() + wait, wait, again, callback, parameters };
    timers = [...timers, timer];
    return timer.id;
  };
  const forget = (id) => { timers = timers.filter((timer) => timer.id !== id); };
  /* Sleeps until the next timer is due and calls it. False: there is none. */
  const nextTimer = () => {
    let next = null;
    for (let at = 0; at < timers.length; at++)
      if (!next || timers[at].at < next.at) next = timers[at];
    if (!next) return false;
    const early = next.at - now();
    if (early > 0) sleep(early + 1);
    let left = [], kept = 0;
    for (let at = 0; at < timers.length; at++)
      if (timers[at] !== next || next.again) left[kept++] = timers[at];
    timers = left;
    if (next.again) next.at += next.wait;
    apply(next.callback, undefined, next.parameters);
    return true;
  };
  globalThis.setTimeout = later(false);
  globalThis.setInterval = later(true);
  globalThis.setImmediate = (callback, ...parameters) => setTimeout(callback, 0, ...parameters);
  globalThis.clearTimeout = globalThis.clearInterval = globalThis.clearImmediate = forget;

  const listener = () => {
    const heard = {};
    const self = {
      on(event, callback) { (heard[event] ??= []).push(callback); return self; },
      emit(event, ...parameters) { for (const callback of heard[event] ?? []) callback(...parameters); },
      setEncoding: () => self, resume: () => self, pause: () => self,
      removeAllListeners: () => self,
    };
    self.once = self.addListener = self.on;
    return self;
  };
  const linesOf = () => {
    const lines = wholeInput().split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  const source = listener();
  const createInterface = () => {
    const self = listener();
    const waiting = [];
    let lines = null, closed = false;
    self.close = () => { if (!closed) { closed = true; self.emit("close"); } };
    self.question = (query, answer) => {
      puts(output, query);
      lines ??= linesOf();
      setTimeout(() => answer(lines.shift() ?? ""));
    };
    self.setPrompt = self.prompt = () => {};
    self[Symbol.asyncIterator] = async function* () { lines ??= linesOf(); while (lines.length) yield lines.shift(); };
    const { on } = self;
    self.on = (event, callback) => {
      if (event === "line" && !waiting.length) {
        waiting.push(1);
        setTimeout(() => {
          for (lines ??= linesOf(); lines.length && !closed;) self.emit("line", lines.shift());
          self.close();
        });
      }
      return on(event, callback);
    };
    return self;
  };
  const modules = {
    fs: { readFileSync: (path) => {
      if (path === 0 || path === "/dev/stdin") return wholeInput();
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
    } },
    readline: { createInterface },
    util: { inspect: (value) => inspect(value, 1), format: (...parts) => format(parts) },
  };
  globalThis.require = (name) => {
    const plain = String(name).replace(/^node:/, "");
    if (Object.hasOwn(modules, plain)) return modules[plain];
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  };
  globalThis.module = { exports: {} };
  globalThis.exports = module.exports;
  globalThis.global = globalThis;
  const { on } = source;
  source.on = source.addListener = source.once = (event, callback) => {
    if (event === "data") setTimeout(() => { const all = wholeInput(); if (all) source.emit("data", all); source.emit("end"); });
    return on(event, callback);
  };
  source.fd = 0;
  globalThis.process = {
    argv: ["node", "main.js"], env: {}, platform: "wasi", version: "v0.0.0", versions: {}, exitCode: undefined,
    stdin: source, exit: (code) => leave((code ?? process.exitCode ?? 0) & 255),
    stdout: { write: (content) => { puts(output, String(content)); return true; } },
    stderr: { write: (content) => { puts(complaint, String(content)); return true; } },
    nextTick: (callback, ...parameters) => queueMicrotask(() => callback(...parameters)),
    cwd: () => "/", on() { return process; }, uptime: () => now() / 1000,
    hrtime: Object.assign(() => [Math.floor(now() / 1000), Math.floor(now() % 1000 * 1e6)], { bigint: () => BigInt(Math.floor(now() * 1e6)) }),
    memoryUsage: () => ({ heapUsed: 0, heapTotal: 0, rss: 0 }),
  };
  const ourModule = module, ourProcess = process;

  // ---- what the host asks ------------------------------------------------------------------------

  let answer = "";
  const isOutOfMemory = (thrown) => thrown instanceof error && describe(thrown, "message")?.value === "out of memory";
  const settle = (kind, value) => {
    if (kind === "value") {
      try { answer = '{"value":' + encode(value, 0) + "}"; } catch (thrown) {
        puts(complaint, "" + text(thrown) + "\n");
        answer = '{"fault":"size"}';
      }
    } else if (isOutOfMemory(value)) {
      answer = '{"fault":"memory"}';
      fail(value);
    } else {
      fail(value);
      answer = '{"raised":' + textLeaf("text16", value instanceof error ? nameOf(value) : typeof value) + "}";
    }
  };
  const fail = (thrown) => {
    let shown;
    try { shown = explain(thrown); } catch { shown = "an error that cannot be shown"; }
    puts(complaint, "Uncaught " + shown + "\n");
  };
  const asked = {
    fail: (thrown) => { fail(thrown); return isOutOfMemory(thrown) ? "memory" : "error"; },
    stack: (thrown) => "" + showError(thrown) + "\n" + stackOf(thrown),
    timer: () => nextTimer() ? "ran" : "",
    exported: (name) => ourModule.exports?.[name],
    field: (namespace, name) => namespace[name],
    call: (called, parameters) => {
      if (typeof called !== "function") return "missing";
      try {
        const given = apply(called, undefined, parameters);
        if (given instanceof promise) then(given, (value) => settle("value", value), (thrown) => settle("raised", thrown));
        else settle("value", given);
      } catch (thrown) { settle("raised", thrown); }
      return "called";
    },
    watch: (given) => { if (given instanceof promise) then(given, undefined, (thrown) => { fail(thrown); leave(1); }); return ""; },
    answer: () => answer,
    /* A promise that ends at once: awaiting it looks for rejections that nobody handled. */
    turn: () => new promise((done) => { wake(done, 0); }),
    /* As many rounds of waiting jobs, without a word to the host. */
    "long turn": async () => { for (let round = 0; round < 500; round++) await null; },
    flush: () => { flush(output); flush(complaint); return text(ourProcess.exitCode ?? 0); },
  };
  return (question, ...given) => apply(asked[question], undefined, given);
})()
