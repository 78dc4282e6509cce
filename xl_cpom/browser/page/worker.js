// The worker: wakes the engine up, then answers one request at a time. `loadPyodide` and
// `_createPyodideModule` stand above, in the same module; nothing is loaded from elsewhere.

{
  const HOME = "https://xl-cpom.invalid/"; // never asked for: `fetch` is answered from memory
  const WASM = { headers: { "Content-Type": "application/wasm" } };
  const STARTED = { PYTHONPATH: "/lib/python3.14", RAPIDFUZZ_IMPLEMENTATION: "python", TZ: "UTC" };
  const EMPTY_ZIP = new Uint8Array(22);
  EMPTY_ZIP.set([80, 75, 5, 6]);

  // « 12345~… »: so many bytes, four in five characters from « ( » to « } » without « < ».
  const fromText = (pieces) => {
    const text = pieces.join("");
    const start = text.indexOf("~") + 1;
    const size = Number(text.slice(0, start - 1));
    const bytes = new Uint8Array(Math.ceil(size / 4) * 4);
    for (let at = start, to = 0; to < bytes.length; to += 4) {
      let word = 0;
      for (let i = 0; i < 5; i++) {
        const code = text.charCodeAt(at++);
        word = word * 85 + (code === 125 ? 20 : code - 40);
      }
      bytes[to] = word >>> 24;
      bytes[to + 1] = word >>> 16;
      bytes[to + 2] = word >>> 8;
      bytes[to + 3] = word;
    }
    return bytes.subarray(0, size);
  };
  const inflated = (stream) => new Response(stream.pipeThrough(new DecompressionStream("gzip")), WASM);
  const webFetch = self.fetch;
  // A part is a text of the page, in pieces, or the address of a file beside it, which the service
  // worker, or the server, may have inflated already.
  const whole = async (part) => {
    if (!part.url) return inflated(new Blob([fromText(part.texts)]).stream());
    const found = await webFetch(part.url);
    if (!part.url.endsWith(".gz")) return found;
    const content = await found.arrayBuffer();
    const [first, second] = new Uint8Array(content, 0, 2);
    return first === 0x1f && second === 0x8b ? inflated(new Blob([content]).stream()) : new Response(content);
  };
  const bytes = async (part) => new Uint8Array(await (await whole(part)).arrayBuffer());

  const unpack = (FS, pack) => {
    const end = pack.indexOf(10);
    let at = end + 1;
    const made = new Set();
    for (const [name, size] of JSON.parse(new TextDecoder().decode(pack.subarray(0, end)))) {
      const folder = name.replace(/\/[^/]*$/, "");
      if (!made.has(folder)) made.add(folder) && FS.mkdirTree(folder);
      FS.writeFile(name, pack.subarray(at, (at += size)), { canOwn: true });
    }
  };

  // The runtime starts with less memory than it is given back: it grows first, as malloc makes it.
  const grownTo = (memory) => async (settings) => {
    const module = await _createPyodideModule(settings);
    if (!memory) return module;
    const size = (await memory).length;
    while (module.HEAP8.length < size) module._malloc(size - module.HEAP8.length + (1 << 20));
    return module;
  };

  const wake = async (parts) => {
    const step = (done) => self.postMessage({ step: done });
    // Compiled while memory is inflated: the runtime would wait for the one to begin the other.
    const compiled = WebAssembly.compileStreaming(whole(parts.wasm));
    WebAssembly.instantiateStreaming = async (_, imports) => {
      const module = await compiled;
      return { module, instance: await WebAssembly.instantiate(module, imports) };
    };
    const memory = parts.memory && bytes(parts.memory).then((found) => (step("memory"), found));
    const files = await bytes(parts.files);
    step("files");
    self.fetch = async (address) => {
      const name = String(address.url ?? address);
      if (name === `${HOME}pyodide.asm.wasm`) return null; // compiled already
      if (name === `${HOME}python_stdlib.zip`) return new Response(EMPTY_ZIP);
      throw new TypeError(`no network here: ${name}`);
    };
    const python = await loadPyodide({
      indexURL: HOME,
      createPyodideModule: grownTo(memory),
      lockFileContents: { info: RUNTIME_INFO, packages: {} },
      fsInit: (FS) => unpack(FS, files),
      // Without a memory to wake up with, it is started as the one whose memory was kept.
      ...(memory ? { _loadSnapshot: memory } : { env: STARTED }),
      stdin: () => undefined,
      stdout: () => undefined,
      stderr: (line) => console.warn(line),
    });
    step("engine");
    return python;
  };

  let python, desk, rank = 0;
  const parts = {};
  const hold = ({ name, url, text }) => {
    if (url) parts[name] = { url };
    else (parts[name] ??= { texts: [] }).texts.push(text);
  };

  // Each workbook of a request is mounted, not copied: the engine reads it as a file, by pieces.
  const mount = (files) => {
    const paths = {};
    for (const [key, file] of Object.entries(files)) {
      const folder = `/depot/${++rank}`;
      python.FS.mkdirTree(folder);
      python.FS.mount(python.FS.filesystems.WORKERFS, { files: [file] }, folder);
      paths[key] = `${folder}/${file.name}`;
    }
    return paths;
  };
  const unmount = (paths) => {
    for (const path of Object.values(paths)) {
      const folder = path.split("/", 3).join("/");
      python.FS.unmount(folder);
      python.FS.rmdir(folder);
    }
  };

  const answer = ({ id, request, files = {} }) => {
    const paths = mount(files);
    try {
      const found = desk(JSON.stringify({ ...request, ...paths }));
      const [head, content] = found.toJs();
      found.destroy();
      const bytes = content.length ? content.slice().buffer : null;
      self.postMessage({ id, head: JSON.parse(head), content: bytes }, bytes ? [bytes] : []);
    } finally {
      unmount(paths);
    }
  };

  self.onmessage = async ({ data }) => {
    try {
      if (data.part) hold(data.part);
      else if (data.wake) {
        python = await wake(parts);
        desk = python.pyimport("xl_cpom.browser.desk").answer;
        self.postMessage({ ready: true });
      } else {
        answer(data);
      }
    } catch (error) {
      self.postMessage({ id: data.id, broken: String((error && error.message) || error) });
    }
  };
}
