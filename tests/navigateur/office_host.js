// A small Office host: functions are associated, a workbook of values answers, what is done is kept.
(() => {
  const state = { functions: {}, selected: null, written: [], sheets: {}, file: null, locked: ["Contrôles"] };
  globalThis.__excel = state;
  const ok = (value) => ({ status: "succeeded", value });
  globalThis.Office = {
    AsyncResultStatus: { Succeeded: "succeeded" },
    onReady(ready) { ready({ host: "Excel" }); return Promise.resolve(); },
    context: {
      document: {
        url: "https://exemple.fr/retour.xlsx",
        getFileAsync(type, options, done) {
          if (!state.file) return done({ status: "failed", error: { message: "not here" } });
          const bytes = Uint8Array.from(atob(state.file), (c) => c.charCodeAt(0));
          const half = Math.ceil(bytes.length / 2);
          done(ok({
            sliceCount: 2, closeAsync() {},
            getSliceAsync(rank, told) { told(ok({ data: [...bytes.subarray(rank * half, (rank + 1) * half)] })); },
          }));
        },
      },
    },
  };
  const range = (sheet, row, col, rows, cols) => {
    const grid = state.sheets[sheet];
    const read = () => Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (_, c) => grid[row + r]?.[col + c] ?? ""));
    const write = (lines) => {
      if (state.locked.includes(sheet)) throw new Error("protected");
      lines.forEach((line, r) => line.forEach((value, c) => { (grid[row + r] ??= [])[col + c] = value; }));
    };
    return {
      isNullObject: false, rowIndex: row, columnIndex: col, rowCount: rows, load() {},
      get values() { return read(); }, set values(lines) { write(lines); },
      get numberFormat() { return state.formats?.[sheet] ?? read().map((line) => line.map(() => "General")); },
      get formulas() { return state.formulas?.[sheet] ?? read(); }, set formulas(lines) { write(lines); },
      clear() { write(read().map((line) => line.map(() => ""))); },
      select() {},
    };
  };
  const tab = (name) => name in state.sheets ? {
    name, isNullObject: false, activate() {},
    protection: {
      load() {}, options: {}, get protected() { return state.locked.includes(name); },
      unprotect() { state.locked = state.locked.filter((one) => one !== name); },
      protect() { state.locked.push(name); },
    },
    getRange: (place) => ({ select() { state.selected = [name, place]; } }),
    getRangeByIndexes: (...place) => range(name, ...place),
    getUsedRange: () => range(name, 0, 0, state.sheets[name].length, 8),
    getUsedRangeOrNullObject: () => {
      const wide = state.formulas?.[name]?.[0]?.length ?? 8;
      return state.sheets[name].length ? range(name, 0, 0, state.sheets[name].length, wide) : { isNullObject: true, load() {} };
    },
  } : { isNullObject: true };
  globalThis.Excel = {
    run: async (work) => work({
      sync: async () => undefined,
      workbook: { worksheets: {
        load() {}, get items() { return Object.keys(state.sheets).map(tab); },
        getItem: (name) => { const found = tab(name); if (found.isNullObject) throw new Error(name); return found; },
        getItemOrNullObject: tab,
      } },
    }),
  };
  globalThis.CustomFunctions = {
    associate(id, held) { state.functions[id] = held; },
    Error: class extends Error { constructor(code) { super(code); this.code = code; } },
  };
})();
