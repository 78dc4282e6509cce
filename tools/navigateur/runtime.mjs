// Makes the three parts of the engine with the runtime itself: the standard library and our sources
// as bytecode, and the memory of an engine that has already controlled workbooks.
//   node runtime.mjs RUNTIME STAGED SAMPLE OUT
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, staged, sample, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
const here = import.meta.dirname;
const bytes = (file) => new Uint8Array(fs.readFileSync(file));
// Hashes of texts decide the order of sets: fixed, or no two builds would be the same.
const env = { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1", RAPIDFUZZ_IMPLEMENTATION: "python", TZ: "UTC" };

const copy = (FS, from, to) => {
  FS.mkdirTree(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [source, target] = [path.join(from, entry.name), `${to}/${entry.name}`];
    if (entry.isDirectory()) copy(FS, source, target);
    else FS.writeFile(target, bytes(source));
  }
};

const unpack = (FS, pack) => {
  const end = pack.indexOf(10);
  let at = end + 1;
  const made = new Set();
  for (const [name, size] of JSON.parse(new TextDecoder().decode(pack.subarray(0, end)))) {
    const folder = name.replace(/\/[^/]*$/, "");
    if (!made.has(folder)) made.add(folder) && FS.mkdirTree(folder);
    FS.writeFile(name, pack.subarray(at, (at += size)), { canOwn: false });
  }
};

// What was freed keeps its old contents, which would be compressed and carried for nothing.
const blank = (module) => {
  const top = () => module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2];
  const taken = [];
  for (let size = 1 << 18; size >= 16; size -= size > 512 ? size >> 1 : 16) {
    const before = top();
    while (top() === before) {
      const at = module._malloc(size);
      module.HEAPU8.fill(0, at, at + size);
      taken.push(at);
    }
  }
  for (const at of taken) module._free(at);
};

// 1. Bytecode.
const compiler = await loadPyodide({ indexURL: runtime, env });
const run = (code) => compiler.runPython(code);
copy(compiler.FS, staged, "/staged");
run(fs.readFileSync(path.join(here, "bytecode.py"), "utf8"));
run(`
compile_tree("/staged", "/engine")
compile_library("/lib/python314.zip", "/library")
`);
const whole = run(`pack({"/engine": "/lib/python3.14/site-packages"})`).toJs();
const library = path.join(out, "library.zip");
fs.writeFileSync(library, run(`zipped("/library")`).toJs());

// 2. The memory of an engine at work. Chance and clocks would leave their mark in it: they are the
// same at each build. Nothing secret comes from that memory: no key, no token is ever drawn.
let drawn = 1;
crypto.randomFillSync = (view) => {
  for (let i = 0; i < view.length; i++) view[i] = (drawn = (drawn * 48271) % 2147483647) & 255;
  return view;
};
let ticks = 0;
performance.now = () => (ticks += 0.01);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { super(...(given.length ? given : [RealDate.UTC(2026, 0, 1)])); }
  static now() { return RealDate.UTC(2026, 0, 1); }
};
const awake = await loadPyodide({
  indexURL: runtime,
  env,
  stdLibURL: library,
  fsInit: (FS) => unpack(FS, whole),
  _makeSnapshot: true,
});
awake.FS.writeFile("/exemple.xlsx", bytes(sample));
const held = JSON.parse(awake.runPython(`
import json, sys
from xl_cpom.browser.rehearsal import rehearse
rehearse("/exemple.xlsx")
json.dumps([sys.path, sorted(sys.modules)])
`));
blank(awake._module);
fs.writeFileSync(path.join(out, "memory.bin"), awake.makeMemorySnapshot());
fs.rmSync(library);

// 3. The modules and the data that memory does not hold; and all of them, for a page without memory.
compiler.globals.set("held", compiler.toPy(held[1]));
const places = `{"/library": "/lib/python3.14", "/engine": "/lib/python3.14/site-packages"}`;
fs.writeFileSync(path.join(out, "files.pack"), run(`pack(${places}, frozenset(held))`).toJs());
fs.writeFileSync(path.join(out, "whole.pack"), run(`pack(${places}, kept=frozenset(held))`).toJs());
