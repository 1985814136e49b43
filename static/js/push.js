// Messages in this browser: asks it for its consent, and tells the site where its push service is.
const box = document.getElementById("this-browser");
const form = box.querySelector("form");
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function show(state) {
  for (const part of box.querySelectorAll("[data-state]")) part.hidden = !part.dataset.state.split(" ").includes(state);
}
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return worker?.pushManager.getSubscription();
}

// The form of the list that stands for this browser, if it is there.
async function ownForm() {
  const mine = await subscription();
  if (!mine) return null;
  const print = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(mine.endpoint)));
  return document.querySelector(`form[data-browser="${print}"]`);
}

async function look() {
  if (!can) return show("unsupported");
  if (Notification.permission === "denied") return show("blocked");
  show((await ownForm()) ? "on" : "off");
}

async function add() {
  show("asking");
  if ((await Notification.requestPermission()) !== "granted") return look();
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    // One that was made for somebody else's account, or under an older key, would not do.
    await (await pushManager.getSubscription())?.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
    const { endpoint, keys } = made.toJSON();
    Object.assign(form.elements.endpoint, { value: endpoint });
    Object.assign(form.elements.p256dh, { value: keys.p256dh });
    Object.assign(form.elements.auth, { value: keys.auth });
    form.submit();
  } catch {
    show("failed");
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); add(); });
document.addEventListener("submit", async (event) => {
  if (!event.target.dataset.browser || !can) return;
  event.preventDefault();
  if ((await ownForm()) === event.target) await (await subscription()).unsubscribe().catch(() => false);
  event.target.submit();
});
look();
