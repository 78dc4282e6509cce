// Where the engine is found: in the page itself, in pieces, so that neither the reading of the page nor
// their way to the worker ever holds the visitor up.
const BREATH = 8; // milliseconds of work between two pauses
const pause = () => new Promise((resolve) => setTimeout(resolve));
const pieces = (name) => document.querySelectorAll(`[data-partie="${name}"]`);
const partsOf = async function* () {
  let since = performance.now();
  for (const name of ["files", "wasm", "memory"]) {
    for (const piece of pieces(name)) {
      yield { name, text: piece.textContent };
      if (performance.now() - since < BREATH) continue;
      await pause();
      since = performance.now();
    }
  }
};
let workerAddress = null;
const workerOf = async () => {
  if (!workerAddress) {
    const text = atob([...pieces("worker")].map((piece) => piece.textContent).join(""));
    const packed = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) packed[at] = text.charCodeAt(at);
    const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    workerAddress = URL.createObjectURL(
      new Blob([await new Response(inflated).arrayBuffer()], { type: "text/javascript" }));
  }
  return workerAddress;
};
