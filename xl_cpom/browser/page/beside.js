// Where the engine is found: in the files beside the page, kept by the service worker.
const partsOf = async function* () {
  for (const [name, file] of [["files", "files.gz"], ["wasm", "pyodide.asm.wasm"], ["memory", "memory.gz"]]) {
    yield { name, url: new URL(file, location.href).href };
  }
};
// On a first visit the files come once: they are kept, then the engine wakes up from what is kept, and
// the browser keeps its compiled code with it. Refused in a private window or over plain http, the page
// works as it is, from the network.
const kept = (async () => {
  if (!("serviceWorker" in navigator)) return;
  const asked = navigator.serviceWorker.register("sw.js");
  if (navigator.serviceWorker.controller) return void asked.catch(() => undefined);
  const registration = await asked;
  const coming = registration.active ? null : registration.installing ?? registration.waiting;
  if (!coming) return;
  await new Promise((resolve) => {
    const look = () => ["activated", "redundant"].includes(coming.state) && resolve();
    coming.addEventListener("statechange", look);
    look();
  });
})().catch(() => undefined);
const workerOf = async () => {
  await kept;
  return "engine.js";
};
