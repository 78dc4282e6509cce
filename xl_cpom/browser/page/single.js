// Where the engine is found: in the page itself.
const partText = (name) => byId(`partie-${name}`).textContent;
const partsOf = () => ({
  info: JSON.parse(partText("info")),
  ...Object.fromEntries(["wasm", "memory", "files"].map((name) => [name, { text: partText(name) }])),
});
let workerAddress = null;
const workerOf = () => (workerAddress ??= URL.createObjectURL(
  new Blob([atobUtf8(partText("worker"))], { type: "text/javascript" })));
const atobUtf8 = (text) => new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
