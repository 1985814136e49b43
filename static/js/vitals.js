// How quick this page was for whoever reads it: measured here, sent once when they leave it.
// No cookie, no key, no address but the page's own. Whoever asks not to be counted is not.

const vitals = {};
const round = (number) => Math.round(number * 1000) / 1000;

function watch(type, heard, options = {}) {
  try {
    new PerformanceObserver((list) => list.getEntries().forEach(heard)).observe({ type, buffered: true, ...options });
  } catch { /* this browser does not measure it */ }
}

watch("largest-contentful-paint", (entry) => { vitals.LCP = round(entry.startTime); });
watch("event", (entry) => {
  if (entry.interactionId) vitals.INP = Math.max(vitals.INP ?? 0, round(entry.duration));
}, { durationThreshold: 40 });

// Shifts count in bursts: less than a second apart, five seconds long at most. The worst burst is told.
let burst = 0, begun = 0, last = 0;
if (globalThis.PerformanceObserver?.supportedEntryTypes.includes("layout-shift")) vitals.CLS = 0;
watch("layout-shift", ({ value, startTime, hadRecentInput }) => {
  if (hadRecentInput) return;
  if (startTime - last > 1000 || startTime - begun > 5000) { burst = 0; begun = startTime; }
  burst += value;
  last = startTime;
  vitals.CLS = Math.max(vitals.CLS, round(burst));
});

const [visit] = performance.getEntriesByType("navigation");
if (visit?.responseStart) vitals.TTFB = round(visit.responseStart);

function send() {
  if (document.visibilityState !== "hidden") return;
  removeEventListener("visibilitychange", send, true);
  const body = JSON.stringify({ page: location.pathname, vitals });
  navigator.sendBeacon("/api/events", new Blob([body], { type: "application/json" }));
}
addEventListener("visibilitychange", send, true);
