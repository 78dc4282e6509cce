// Keeps the files of the page, so that it opens without a network and at once the second time.
"use strict";
const CACHE = "controle-cpom-{VERSION}";
const NAMES = {NAMES};

self.addEventListener("install", (event) => {
  // A new version waits until the old one is closed: a page never meets the engine of another.
  event.waitUntil(caches.open(CACHE)
    .then((cache) => cache.addAll(NAMES.map((name) => new Request(name, { cache: "no-cache" })))));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names
      .filter((name) => name.startsWith("controle-cpom-") && name !== CACHE)
      .map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(CACHE)
    .then((cache) => cache.match(event.request, { ignoreSearch: true }))
    .then((found) => found || fetch(event.request)));
});
