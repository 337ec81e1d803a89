// Shows a page of its own when there is no network. It keeps that page and what it looks like, and nothing that is
// somebody's: every other page comes from the network, each time.
"use strict";
const OFFLINE = "/portal/offline";
const LOOKS = ["{{ asset("lojal.css") }}", "{{ asset("portal.css") }}", "{{ asset("own.css") }}",{% if sheet() %} "{{ sheet() }}",{% endif %} "{{ logo() }}", "{{ asset("portal.js") }}"];
const KEPT = "lojal-" + LOOKS.map(address => address.split("/")[2]).join("-");

self.addEventListener("install", event => event.waitUntil((async () => {
  const kept = await caches.open(KEPT);
  await kept.addAll([...LOOKS, new Request(OFFLINE, { credentials: "omit" })]);
  await self.skipWaiting();
})()));

self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", event => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (LOOKS.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
