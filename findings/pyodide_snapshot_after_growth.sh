#!/usr/bin/env bash
# pyodide 314.0.7 (npm), Node 20, seen on 2026-11-30.
#
# A memory snapshot of an awakened interpreter is how a page opens fast. `makeMemorySnapshot()` gives
# one at any time, also when the interpreter's memory has grown since it started; `loadPyodide` then
# refuses it with « RangeError: offset is out of bounds »: the new instance is made at its initial
# size, and nothing grows it before the bytes are copied. No word of either function says so, and the
# snapshot itself is made without a warning. (Both options are still named with an underscore.)
#
# Consequence: what is to be in a snapshot has to be loaded without ever passing the initial memory
# (about 30 MiB are taken at the start); what was freed since counts, for memory never shrinks.
# Ends 0 while this is so, 1 when it changes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
printf '{"private": true, "dependencies": {"pyodide": "314.0.7"}}' > package.json
npm install --silent --no-audit --no-fund
cat > witness.mjs <<'JS'
import { loadPyodide } from "pyodide";

const outcome = async (mebibytes) => {
  const first = await loadPyodide({ _makeSnapshot: true });
  if (mebibytes) first.runPython(`kept = bytearray(${mebibytes} << 20); del kept`);
  const snapshot = first.makeMemorySnapshot();
  try {
    const again = await loadPyodide({ _loadSnapshot: snapshot });
    return `restored, 1 + 1 = ${again.runPython("1 + 1")}`;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};

const atRest = await outcome(0);
const grown = await outcome(64);
console.log("as it starts:", atRest);
console.log("after 64 MiB held, then let go of:", grown);
const same = atRest === "restored, 1 + 1 = 2" && grown === "RangeError: offset is out of bounds";
process.exit(same ? 0 : 1);
JS
node witness.mjs
