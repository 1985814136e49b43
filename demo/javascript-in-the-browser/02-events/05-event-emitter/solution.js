/** An object with on, once, off and emit. */
function createEmitter() {
  // A Map, since an event may well be called "constructor".
  const entries = new Map();
  const of = (name) => entries.get(name) ?? [];

  const add = (name, listener, isOnce) => {
    if (of(name).some((entry) => entry.listener === listener)) return;
    entries.set(name, [...of(name), { listener, isOnce }]);
  };
  const off = (name, listener) => {
    entries.set(name, of(name).filter((entry) => entry.listener !== listener));
  };
  const emit = (name, detail) => {
    // The array is never changed, only replaced. So this one stays whole while listeners leave.
    const called = of(name);
    for (const { listener, isOnce } of called) {
      if (isOnce) off(name, listener);
      listener(detail);
    }
    return called.length;
  };
  return {
    on: (name, listener) => add(name, listener, false),
    once: (name, listener) => add(name, listener, true),
    off,
    emit,
  };
}

/* Tries your emitter out. Leave this as it is. */
function play(steps) {
  const emitter = createEmitter();
  const notes = [];
  const listeners = {};
  const listener = (event, name) => {
    listeners[name] ??= (detail) => {
      notes.push(`${name} ${detail}`);
      if (name === "leaver") emitter.off(event, listeners[name]);
      if (name === "echo" && detail !== "again") emitter.emit(event, "again");
    };
    return listeners[name];
  };
  for (const [verb, event, what] of steps) {
    if (verb === "emit") notes.push(emitter.emit(event, what));
    else emitter[verb](event, listener(event, what));
  }
  return notes;
}
