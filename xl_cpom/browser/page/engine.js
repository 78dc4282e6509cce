// The engine as the page sees it: one worker, one request at a time, killed by time or by a click,
// born again for what follows.
const byId = (id) => document.getElementById(id);

class Stopped extends Error {}
class Broken extends Error {}

class Engine {
  constructor(parts, source, told) {
    this.parts = parts; // asynchronous: the parts of the engine, whole or in pieces
    this.source = source;
    this.worker = null;
    this.told = told; // what the page wants to know: how far the waking is
    this.waiting = [];
    this.current = null;
    this.serial = 0;
    this.start();
  }

  start() {
    this.ready = false;
    this.steps = 0;
    this.told(0, false);
    this.source().then(async (address) => {
      const worker = (this.worker = new Worker(address));
      worker.onmessage = ({ data }) => worker === this.worker && this.hear(data);
      worker.onerror = (event) => worker === this.worker && this.hear({ broken: event.message || "?" });
      for await (const part of this.parts()) worker.postMessage({ part });
      worker.postMessage({ wake: true });
    });
  }

  hear(data) {
    if (data.step) this.told(++this.steps, false);
    else if (data.ready) {
      this.ready = true;
      this.told(this.steps, true);
      this.next();
    } else if (data.broken !== undefined) this.replace(new Broken(data.broken));
    else if (this.current && data.id === this.current.id) {
      const { resolve } = this.release();
      resolve(data);
      this.next();
    }
  }

  // limit: milliseconds; first: before what waits already.
  ask(request, files = {}, { limit = 60000, first = false } = {}) {
    return new Promise((resolve, reject) => {
      const task = { id: ++this.serial, request, files, limit, resolve, reject };
      if (first) this.waiting.unshift(task);
      else this.waiting.push(task);
      this.next();
    });
  }

  next() {
    if (!this.ready || this.current || !this.waiting.length) return;
    const task = (this.current = this.waiting.shift());
    task.clock = setTimeout(() => this.replace(new Broken("délai")), task.limit);
    this.worker.postMessage({ id: task.id, request: task.request, files: task.files });
  }

  release() {
    const task = this.current;
    this.current = null;
    if (task) clearTimeout(task.clock);
    return task;
  }

  // The worker is lost, and with it what it was doing; what waits goes to another one.
  replace(reason) {
    const task = this.release();
    const neverReady = !this.ready && !task;
    this.worker?.terminate();
    this.worker = null;
    if (neverReady && !(reason instanceof Stopped)) {
      this.failed = reason;
      for (const one of this.waiting.splice(0)) one.reject(reason);
      this.told(this.steps, false, reason);
      return;
    }
    this.start();
    if (task) task.reject(reason);
  }

  stop(which = () => true) {
    const left = this.waiting.filter((task) => which(task.request));
    this.waiting = this.waiting.filter((task) => !left.includes(task));
    if (this.current && which(this.current.request)) this.replace(new Stopped("arrêt"));
    for (const task of left) task.reject(new Stopped("arrêt"));
  }
}
