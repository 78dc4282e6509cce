// The add-in: functions in cells and the pane, over the engine of the page.
"use strict";
const NAMES = {NAMES};
const BLANK = "\u00a0";
const address = (name) => new URL(name, location.href).href;
const say = (text) => { byId("etat").textContent = text; };
const enable = (on) => { for (const id of ["verifier", "figer"]) byId(id).disabled = !on; };

const engine = new Engine(
  async function* () {
    for (const [name, file] of [["files", "files.gz"], ["wasm", "pyodide.asm.wasm"], ["memory", "memory.gz"]]) {
      yield { name, url: address(file) };
    }
  },
  async () => address("engine.js"),
  (steps, ready, failure) => {
    if (failure) say(`Le moteur n'a pas pu démarrer (${failure.message}). Rouvrez le classeur.`);
    if (!ready) return;
    document.body.dataset.pret = "oui";
    enable(true);
    if (!byId("etat").dataset.dit) say("Prêt.");
  },
);

// --- functions in cells: the calls of one moment are one request

const ERRORS = new Set(["#N/A", "#VALUE!", "#NUM!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!"]);
const cell = (value) => {
  if (value === "" || value === undefined || value === null) return null;
  return typeof value === "object" ? value.basicValue ?? null : value;
};
const argument = (value) => (Array.isArray(value) ? value.map((row) => row.map(cell)) : cell(value));
const answered = (value) =>
  typeof value === "string" && ERRORS.has(value) ? new CustomFunctions.Error(value) : value;

let calls = null;
const call = (name, args) => new Promise((resolve, reject) => {
  if (!calls) {
    calls = [];
    queueMicrotask(async () => {
      const asked = calls;
      calls = null;
      try {
        const appels = asked.map((one) => [one.name, one.args]);
        const { head } = await engine.ask({ action: "fonctions", appels });
        if (!head.valeurs) throw new Error(head.panne);
        asked.forEach((one, rank) => one.resolve(head.valeurs[rank]));
      } catch (failure) {
        for (const one of asked) one.reject(failure);
      }
    });
  }
  calls.push({ name, args, resolve, reject });
});
for (const name of NAMES) {
  // Excel adds the context of the call after the arguments.
  CustomFunctions.associate(name, async (...given) => {
    const value = await call(name, given.slice(0, -1).map(argument));
    if (Array.isArray(value)) return value.map((row) => row.map((one) => answered(one ?? "")));
    const shown = answered(value ?? "");
    if (shown instanceof CustomFunctions.Error) throw shown;
    return shown;
  });
}

// --- the pane

const slices = (file, rank) => new Promise((resolve, reject) => file.getSliceAsync(rank, (result) =>
  result.status === Office.AsyncResultStatus.Succeeded
    ? resolve(new Uint8Array(result.value.data)) : reject(new Error(result.error.message))));
const workbookName = () => {
  const name = decodeURIComponent((Office.context.document.url || "").split(/[\\/]/).pop() || "");
  return /\.xls[xm]$/i.test(name) ? name : "classeur.xlsx";
};
const openWorkbook = () => new Promise((resolve, reject) =>
  Office.context.document.getFileAsync("compressed", { sliceSize: 4194304 }, async (result) => {
    if (result.status !== Office.AsyncResultStatus.Succeeded) return reject(new Error(result.error.message));
    const file = result.value;
    try {
      const parts = [];
      for (let rank = 0; rank < file.sliceCount; rank++) parts.push(await slices(file, rank));
      return resolve(new File(parts, workbookName()));
    } catch (failure) {
      return reject(failure);
    } finally {
      file.closeAsync(() => undefined);
    }
  }));

// Where Excel does not hand over the file: what its ranges show.
const shownRanges = () => Excel.run(async (context) => {
  const sheets = context.workbook.worksheets;
  sheets.load("items/name");
  await context.sync();
  const used = sheets.items.map((sheet) => sheet.getUsedRangeOrNullObject(true));
  for (const range of used) range.load("values,formulas,numberFormat,rowIndex,columnIndex");
  await context.sync();
  return sheets.items.map(({ name }, rank) => used[rank].isNullObject
    ? { nom: name, ligne: 0, colonne: 0, valeurs: [], formules: [], formats: [] }
    : { nom: name, ligne: used[rank].rowIndex, colonne: used[rank].columnIndex, valeurs: used[rank].values,
      formules: used[rank].formulas, formats: used[rank].numberFormat });
});
const control = async () => {
  let file;
  try {
    file = await openWorkbook();
  } catch {
    const { head } = await engine.ask({ action: "controler_plages", nom: workbookName().replace(/m$/i, "x"), feuilles: await shownRanges() });
    return { head, ranges: true };
  }
  return engine.ask({ action: "controler" }, { chemin: file });
};

const unprotected = async (context, sheet, work) => {
  sheet.protection.load("protected,options");
  await context.sync();
  const { protected: locked, options } = sheet.protection;
  if (locked) sheet.protection.unprotect();
  await work();
  if (locked) sheet.protection.protect(options);
  await context.sync();
};

const select = (sheet, place) => Excel.run(async (context) => {
  const tab = context.workbook.worksheets.getItem(sheet);
  tab.activate();
  tab.getRange(place).select();
  await context.sync();
}).catch(() => say(`La feuille «${BLANK}${sheet}${BLANK}» ou la cellule ${place} n'est plus là.`));

const fill = (name, headers, lines) => Excel.run(async (context) => {
  const sheet = context.workbook.worksheets.getItemOrNullObject(name);
  await context.sync();
  if (sheet.isNullObject) return false;
  const top = sheet.getRangeByIndexes(0, 0, 12, headers.length);
  top.load("values");
  const used = sheet.getUsedRange();
  used.load("rowIndex,rowCount");
  await context.sync();
  const head = top.values.findIndex((row) => row[0] === headers[0] && row[1] === headers[1]);
  if (head < 0) return false;
  await unprotected(context, sheet, async () => {
    const old = used.rowIndex + used.rowCount - head - 1;
    if (old > 0) sheet.getRangeByIndexes(head + 1, 0, old, headers.length).clear("Contents");
    if (lines.length) sheet.getRangeByIndexes(head + 1, 0, lines.length, headers.length).formulas = lines;
  });
  return true;
});

const verify = async () => {
  enable(false);
  byId("etat").dataset.dit = "oui";
  say("Contrôle en cours.");
  try {
    const { head, ranges } = await control();
    if (!head.json) throw new Error(head.panne || head.refus);
    const report = JSON.parse(head.json);
    byId("liste").replaceChildren(...report.anomalies.map((one) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const where = document.createElement("strong");
      where.textContent = [one.feuille, one.cellules[0]].filter(Boolean).join(", ") || "Classeur";
      const what = document.createElement("span");
      what.className = one.gravite;
      what.textContent = ` ${one.code}, ${one.gravite}${BLANK}: `;
      button.type = "button";
      button.append(where, what, `${one.message} ${one.correction}`);
      button.disabled = !one.cellules.length;
      button.addEventListener("click", () => select(one.feuille, one.cellules[0]));
      item.append(button);
      return item;
    }));
    byId("anomalies").hidden = !report.anomalies.length;
    const { head: sheet } = await engine.ask({ action: "controles", rapports: [head.rapport] });
    const filled = await fill(sheet.feuille, sheet.entetes, sheet.lignes);
    byId("etat").dataset.verdict = report.verdict;
    say(`${head.symbole} ${head.mot}${BLANK}: ${head.bilan}.` +
      (ranges ? " Excel n'a pas donné le fichier : le contrôle a lu les cellules, sans les listes ni les notes." : "") +
      (filled ? "" : ` La feuille «${BLANK}${sheet.feuille}${BLANK}» est absente ou n'a plus ses en-têtes${BLANK}: elle n'a pas été remplie.`));
  } catch (failure) {
    say(`Le classeur n'a pas pu être contrôlé${BLANK}: ${failure.message} Enregistrez-le, puis déposez-le sur la page de contrôle.`);
  } finally {
    enable(true);
  }
};

const CALL = /(^|[^A-Z0-9_]|_XLDUDF_)CPOM_[A-Z0-9_]+\(/i;
const freeze = () => Excel.run(async (context) => {
  enable(false);
  byId("etat").dataset.dit = "oui";
  let count = 0;
  const sheets = context.workbook.worksheets;
  sheets.load("items/name");
  await context.sync();
  for (const sheet of sheets.items) {
    const used = sheet.getUsedRangeOrNullObject();
    used.load("formulas,values,rowIndex,columnIndex");
    await context.sync();
    if (used.isNullObject) continue;
    const places = [];
    used.formulas.forEach((row, r) => row.forEach((text, c) => {
      if (typeof text === "string" && text.startsWith("=") && CALL.test(text)) places.push([r, c]);
    }));
    if (!places.length) continue;
    await unprotected(context, sheet, async () => {
      for (const [r, c] of places) {
        sheet.getRangeByIndexes(used.rowIndex + r, used.columnIndex + c, 1, 1).values = [[used.values[r][c]]];
      }
    });
    count += places.length;
  }
  say(`${count} ${count > 1 ? "formules remplacées par leur valeur" : "formule remplacée par sa valeur"}.`);
}).catch((failure) => say(`Les valeurs n'ont pas pu être figées${BLANK}: ${failure.message}`)).finally(() => enable(true));

Office.onReady(() => {
  byId("verifier").addEventListener("click", verify);
  byId("figer").addEventListener("click", freeze);
});
