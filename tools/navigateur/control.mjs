// The engine of the page, in Node: it answers the requests of a file (one JSON a line), in order.
//   node control.mjs RUNTIME ENGINE REQUESTS
// A request holds the path of a workbook of this machine under « chemin »; the answers go to the
// standard output, one JSON a line. It wakes up from the same memory and the same files as the page.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, made, requests] = process.argv.slice(2);
const imported = (name) => import(pathToFileURL(path.join(runtime, name)).href);
const { loadPyodide } = await imported("pyodide.mjs");
const { default: createModule } = await imported("pyodide.asm.mjs");
const bytes = (file) => new Uint8Array(fs.readFileSync(file));

const memory = bytes(path.join(made, "memory.bin"));
const empty = path.join(made, "empty.zip");
fs.writeFileSync(empty, Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18)]));
const python = await loadPyodide({
  indexURL: runtime,
  stdLibURL: empty,
  createPyodideModule: async (settings) => {
    const module = await createModule(settings);
    while (module.HEAP8.length < memory.length) module._malloc(memory.length - module.HEAP8.length + (1 << 20));
    return module;
  },
  fsInit: (FS) => {
    const pack = bytes(path.join(made, "files.pack"));
    const end = pack.indexOf(10);
    let at = end + 1;
    for (const [name, size] of JSON.parse(new TextDecoder().decode(pack.subarray(0, end)))) {
      FS.mkdirTree(path.posix.dirname(name));
      FS.writeFile(name, pack.subarray(at, (at += size)));
    }
  },
  _loadSnapshot: memory,
});
const answer = python.pyimport("xl_cpom.browser.desk").answer;

for (const line of fs.readFileSync(requests, "utf8").split("\n").filter(Boolean)) {
  const request = JSON.parse(line);
  const source = request.chemin;
  if (source) {
    python.FS.mkdirTree("/depot");
    request.chemin = `/depot/${request.nom ?? path.basename(source)}`;
    python.FS.writeFile(request.chemin, bytes(source));
  }
  const found = answer(JSON.stringify(request));
  process.stdout.write(`${found.get(0)}\n`);
  found.destroy();
  if (source) python.FS.unlink(request.chemin);
}
