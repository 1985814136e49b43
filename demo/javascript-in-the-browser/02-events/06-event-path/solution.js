/** The names of the listeners that an event reaches, in order. */
function eventPath(parents, target, listeners) {
  const up = [];
  for (let element = target; element !== undefined; element = parents[element]) up.push(element);
  const stops = [
    ...up.toReversed().map((element) => ({ element, capture: true })),
    ...up.map((element) => ({ element, capture: false })),
  ];
  const names = [];
  for (const { element, capture } of stops) {
    const here = listeners.filter(
      (listener) => listener.on === element && Boolean(listener.capture) === capture,
    );
    names.push(...here.map((listener) => listener.name));
    // Only after all listeners of this stop: the event has arrived here for each of them.
    if (here.some((listener) => listener.stop)) break;
  }
  return names;
}
