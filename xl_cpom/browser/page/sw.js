// Keeps the files of the page, so that it opens without a network and at once the second time.
"use strict";
const CACHE = "controle-cpom-{VERSION}";
const NAMES = {NAMES};

// What travels compressed is inflated once, here, rather than at each visit.
const inflated = async (name) => {
  const found = await fetch(new Request(name, { cache: "no-cache" }));
  if (!found.ok) throw new Error(`${name}: ${found.status}`);
  const content = await found.arrayBuffer();
  const [first, second] = new Uint8Array(content, 0, 2);
  if (first !== 0x1f || second !== 0x8b) return new Response(content); // by the server already
  return new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip")));
};
const keep = async () => {
  const cache = await caches.open(CACHE);
  const packed = NAMES.filter((name) => name.endsWith(".gz"));
  await cache.addAll(NAMES.filter((name) => !packed.includes(name))
    .map((name) => new Request(name, { cache: "no-cache" })));
  for (const name of packed) await cache.put(name, await inflated(name));
};
self.addEventListener("install", (event) => {
  // A new version waits until the old one is closed: a page never meets the engine of another.
  event.waitUntil(keep());
  // Where the browser can answer from what is kept by itself, it does not wake this worker up.
  if (event.addRoutes) {
    event.addRoutes({
      condition: { urlPattern: new URLPattern({ pathname: `${new URL("./", location).pathname}*` }), requestMethod: "GET" },
      source: { cacheName: CACHE },
    });
  }
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
