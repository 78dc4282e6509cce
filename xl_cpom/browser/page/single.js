// Where the engine is found: in the page itself.
const partText = (name) => byId(`partie-${name}`).textContent;
const partsOf = () =>
  Object.fromEntries(["wasm", "memory", "files"].map((name) => [name, { text: partText(name) }]));
let workerAddress = null;
const workerOf = async () => {
  if (!workerAddress) {
    const packed = Uint8Array.from(atob(partText("worker")), (character) => character.charCodeAt(0));
    const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    workerAddress = URL.createObjectURL(
      new Blob([await new Response(inflated).arrayBuffer()], { type: "text/javascript" }));
  }
  return workerAddress;
};
