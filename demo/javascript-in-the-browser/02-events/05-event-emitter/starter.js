/** An object with on, once, off and emit. */
function createEmitter() {
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
