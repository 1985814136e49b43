// Shows what the site tells somebody, and leads to this site alone. It keeps nothing and fetches nothing.
const NAMELESS = { title: "{{ site|escapejs }}", text: "", path: "/notifications/", tag: "told" };

function read(data) {
  try {
    return { ...NAMELESS, ...data.json() };
  } catch {
    return NAMELESS; // something has to be shown: browsers take the right away from who stays silent
  }
}

async function lead(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => page.url === url.href);
  await (open ? open.focus() : clients.openWindow(url.href));
}

self.addEventListener("push", (event) => {
  const { title, text, path, tag } = read(event.data);
  event.waitUntil(self.registration.showNotification(title, { body: text, tag, data: path }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data));
});
