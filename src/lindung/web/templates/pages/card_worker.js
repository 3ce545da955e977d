{% load lindung %}// Keeps the page of the card check, its files and the keys: newest from the network, else what was kept.
const KEPT = "card-check-1";
const FILES = ["{% url "card" %}", "{% url "card-keys" %}", "{% asset "bootstrap.min.css" %}", "{% asset "lindung.css" %}", "{% asset "theme.js" %}", "{% asset "card.js" %}", "{% asset "icons.svg" %}", "{% asset_plain "source-sans-3.woff2" %}"];
self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || !FILES.includes(address.pathname + address.search)) return; // of this page alone
  event.respondWith(
    fetch(event.request)
      .then((answer) => { if (answer.ok) { const copy = answer.clone(); caches.open(KEPT).then((cache) => cache.put(event.request, copy)); } return answer; })
      .catch(() => caches.match(event.request, { ignoreVary: true }).then((kept) => kept || Response.error())),
  );
});
