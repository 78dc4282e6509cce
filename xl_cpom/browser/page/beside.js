// Where the engine is found: in the files beside the page, kept by the service worker.
const partsOf = async function* () {
  for (const [name, file] of [["files", "files.gz"], ["wasm", "pyodide.asm.wasm"], ["memory", "memory.gz"]]) {
    yield { name, url: new URL(file, location.href).href };
  }
};
const workerOf = async () => "engine.js";
if ("serviceWorker" in navigator) {
  // Refused in a private window or over plain http: the page then works as it is, from the network.
  navigator.serviceWorker.register("sw.js").catch(() => undefined);
}
