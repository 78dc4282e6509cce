// Where the engine is found: in the files beside the page, kept by the service worker.
const partsOf = () => ({
  wasm: { url: new URL("pyodide.asm.wasm", location.href).href },
  memory: { url: new URL("memory.gz", location.href).href },
  files: { url: new URL("files.gz", location.href).href },
});
const workerOf = async () => "engine.js";
if ("serviceWorker" in navigator) {
  // Refused in a private window or over plain http: the page then works as it is, from the network.
  navigator.serviceWorker.register("sw.js").catch(() => undefined);
}
