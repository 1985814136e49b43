/** Pairs of time and text: the searches that leave the page. */
function searches(keystrokes, wait) {
  const sent = [];
  keystrokes.forEach(([time, text], index) => {
    // After the last keystroke the pause lasts for ever.
    const next = keystrokes[index + 1]?.[0] ?? Infinity;
    const isCalledOff = next < time + wait;
    const isRepeated = sent.at(-1)?.[1] === text;
    if (!isCalledOff && !isRepeated) sent.push([time + wait, text]);
  });
  return sent;
}
