// The page: files come in by a click, a drop or `window.xlCpom`, each has a line and a report.
"use strict";
if (document.body.dataset.capable !== "oui") throw new Error("this browser is too old: the page says so");
const INSECABLE = "\u00a0", FINE = "\u202f";
const LIMIT = 60000; // of one control, as the command's
const KEPT = 16 * 1024 * 1024; // larger files are not copied: they would be refused anyway
const STEPS = 3;
const results = new Map(); // key -> what is known of a file
let serial = 0, opened = null, total = 0, done = 0;

// --- little tools

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
};
// Between two pieces of work, the page answers the visitor.
let breath = 0;
const breathe = async () => {
  if (performance.now() - breath < 25) return;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  breath = performance.now();
};
const quoted = (name) => `«${INSECABLE}${name}${INSECABLE}»`;
const save = (name, type, content) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};

// --- progress

const say = (text) => { if (byId("etat").textContent !== text) byId("etat").textContent = text; };
const progress = () => {
  const busy = total > done;
  const waking = !engine.ready && !engine.failed;
  byId("arreter").hidden = !busy;
  const gauge = byId("jauge");
  gauge.hidden = Boolean(engine.failed) || !(busy || waking);
  if (engine.failed) return;
  if (waking) {
    gauge.max = STEPS;
    gauge.value = engine.steps;
    say(busy
      ? `Le moteur de contrôle se prépare${FINE}; vos classeurs suivent.`
      : "Le moteur de contrôle se prépare. Vous pouvez déjà déposer vos classeurs.");
  } else if (busy) {
    gauge.max = total;
    gauge.value = done;
    say(total === 1 ? "Contrôle en cours." : `Contrôle en cours${INSECABLE}: ${done} sur ${total} classeurs.`);
  } else if (![...results.values()].some((one) => one.head)) {
    say("Prêt à contrôler.");
  }
};
const finished = () => {
  if (total > done) return progress();
  total = done = 0;
  progress();
  const counts = new Map();
  for (const { head } of results.values()) if (head) counts.set(head.verdict, [...(counts.get(head.verdict) || []), head]);
  const said = [...counts.values()]
    .map((heads) => `${heads.length} ${heads.length > 1 ? heads[0].mots : heads[0].mot.toLowerCase()}`).join(", ");
  if (said) say(`Contrôle terminé${INSECABLE}: ${said}.`);
  return undefined;
};

const engine = new Engine(partsOf, workerOf, (steps, ready, failure) => {
  if (failure) {
    document.body.dataset.panne = failure.message;
    say(`Le moteur de contrôle n'a pas pu démarrer (${failure.message}). Rechargez la page${FINE}; si cela se répète, signalez-le à votre ARS.`);
  }
  if (ready) document.body.dataset.pret = "oui";
  setTimeout(progress);
});

// --- one file

// What is asked about a file whose worker may be lost on the way ends as the command's report.
const control = async (one) => {
  const files = { chemin: one.file };
  if (one.options.precedent) files.precedent = one.options.precedent;
  const request = { action: "controler", cle: one.key, date: one.options.date || null, mot_de_passe: one.options.motDePasse || null };
  try {
    return await engine.ask(request, files, { limit: one.options.limite || LIMIT });
  } catch (failure) {
    if (failure instanceof Stopped || engine.failed) throw failure;
    const late = failure.message === "délai";
    const memory = /memory|allocation/i.test(failure.message);
    return engine.ask({
      action: "perdu", nom: one.name,
      code: late ? "LEC-DELAI" : memory ? "LEC-MEMOIRE" : "LEC-INTERROMPU",
      detail: late ? `${LIMIT / 1000}${INSECABLE}secondes` : memory ? `2${INSECABLE}Gio` : failure.message.slice(0, 200),
    }, {}, { first: true });
  }
};

const copied = async (file) => {
  if (file.size > KEPT) return file;
  try { // a file corrected in Excel can no longer be read through its old handle
    return new File([await file.arrayBuffer()], file.name, { lastModified: file.lastModified });
  } catch {
    return file; // the engine will say why
  }
};

// asked: how many stops there had been when the file was given. One that is still being taken in when
// the visitor stops is stopped like those that wait for the engine.
let stops = 0;
const receive = (file, options = {}, asked = stops) => {
  total++;
  return admit(file, options, asked);
};
const admit = async (file, options, asked) => {
  const name = file.name || "classeur.xlsx";
  const one = { key: ++serial, name, place: file.place || name, options, file: null, head: null, before: null };
  one.before = earlier(one);
  results.set(one.key, one);
  one.line = make("li", { class: "resultat", "data-fichier": name });
  if (one.before) {
    one.before.line.replaceWith(one.line);
    results.delete(one.before.key);
  } else byId("liste").append(one.line);
  byId("resultats").hidden = false;
  draw(one);
  progress();
  try {
    one.file = await copied(file);
    if (asked !== stops) throw new Stopped("arrêt");
    const { head } = await control(one);
    if (head.panne || head.refus) throw new Error(head.panne || head.refus);
    one.head = head;
    if (one.options.motDePasse && head.lisible) await unlock(one);
    for (let twin = earlier(one); twin; twin = earlier(one)) { // given twice in a hurry: one line for both
      twin.line.remove();
      results.delete(twin.key);
      one.before = twin;
    }
    if (one.before && one.before.head && one.before.file && head.lisible) setTimeout(() => follow(one)); // the verdict does not wait
    return JSON.parse(head.json);
  } catch (failure) {
    one.failure = failure instanceof Stopped ? "Contrôle arrêté." : `Le contrôle a échoué${INSECABLE}: ${failure.message}`;
    throw failure instanceof Stopped ? new Error(one.failure) : failure;
  } finally {
    done++;
    if (results.has(one.key)) draw(one);
    finished();
  }
};

// The same file, given before, answered or stopped: its line gives its place to what follows it.
const earlier = (one) => [...results.values()]
  .filter((other) => other.place === one.place && (other.head || other.failure) && other.key < one.key).pop() || null;
// A file dropped again: what was corrected, what is new, what remains.
const follow = async (one) => {
  try {
    const { head } = await engine.ask(
      { action: "comparer", cle: one.key },
      { avant: inside(one.before), apres: inside(one) }, { first: true });
    one.follow = head;
  } catch {
    return; // stopped: the verdict is there, what changed is not
  }
  if (results.has(one.key)) draw(one);
};

// What is written from a workbook behind a password is written from what was inside.
const inside = (one) => one.clear || one.file;
const unlock = async (one) => {
  const opened = await engine.ask({ action: "ouvrir", mot_de_passe: one.options.motDePasse }, { chemin: one.file }, { first: true });
  if (opened.content) one.clear = new File([opened.content], one.name);
};
const keyhole = (one) => {
  const field = make("input", { id: `secret-${one.key}`, type: "password", autocomplete: "off", required: true });
  const send = (event) => {
    event.preventDefault();
    replay(one, { ...one.options, motDePasse: field.value });
  };
  return make("form", { class: "suivi secret", onsubmit: send },
    make("label", { for: field.id }, "Mot de passe du classeur"), field,
    make("button", { type: "submit", class: "bouton" }, "Ouvrir"),
    make("span", { class: "note" }, "Il reste sur cette page et s'oublie avec elle."));
};

const draw = (one) => {
  const { line, head } = one;
  line.className = `resultat ${head ? head.cle : ""}`;
  if (head) line.dataset.verdict = head.verdict;
  const gestures = make("span", { class: "gestes" });
  if (head && head.copiable) {
    gestures.append(make("button", { type: "button", class: "lien", onclick: () => download(one, "copie") }, "Copie annotée"));
  }
  if (one.failure) gestures.append(make("button", { type: "button", class: "lien", onclick: () => again(one) }, "Relancer"));
  gestures.append(make("button", { type: "button", class: "lien", "aria-label": `Retirer ${one.name}`, onclick: () => remove(one) }, "Retirer"));
  const follow = one.follow && !one.follow.refus && !one.follow.panne
    ? make("p", { class: "suivi" }, `Depuis le dépôt précédent${INSECABLE}: ${one.follow.resume} `,
      make("button", { type: "button", class: "lien", onclick: () => show(one, one.follow.html) }, "Voir ce qui a changé"))
    : null;
  line.replaceChildren(...[
    head ? make("span", { class: `pastille ${head.cle}` }, `${head.symbole} ${head.mot}`)
      : make("span", { class: "pastille neutre" }, one.failure ? "Arrêté" : "En attente"),
    head ? make("button", { type: "button", class: "lien nom", onclick: () => open(one) }, one.place)
      : make("span", { class: "nom" }, one.place),
    make("span", { class: "note" }, head ? head.bilan : one.failure || ""),
    gestures, follow, head && head.chiffre.length ? keyhole(one) : null,
  ].filter(Boolean));
  byId("ensemble").hidden = [...results.values()].filter((other) => other.head).length < 2;
};

const remove = (one) => {
  results.delete(one.key);
  engine.stop((request) => request.cle === one.key);
  const next = one.line.nextElementSibling || one.line.previousElementSibling;
  one.line.remove();
  if (opened === one) close();
  byId("resultats").hidden = !results.size;
  byId("explications").hidden = Boolean(opened);
  (next ? next.querySelector("button") : byId("classeurs")).focus();
  finished();
};
const again = (one) => replay(one, one.options).catch(() => undefined);
// The same file once more, under other options; its report is shown.
const replay = (one, options) => {
  const file = Object.assign(one.file, { place: one.place });
  remove(one);
  const answer = receive(file, options);
  const fresh = [...results.values()].pop();
  return answer.then(() => open(fresh), () => undefined);
};

// --- the report

const close = () => {
  opened = null;
  turn++;
  byId("detail").replaceChildren();
  byId("explications").hidden = false;
  for (const line of byId("liste").children) line.removeAttribute("aria-current");
};

// What the visitor asked for last is what is shown: an answer that comes after another click is late.
let turn = 0;
const open = async (one) => {
  const asked = ++turn;
  const { head } = await engine.ask({ action: "page", rapports: [one.head.rapport] }, {}, { first: true });
  if (head.html && asked === turn) await show(one, head.html);
};

// The page of the reports, as the command writes it: its content comes in here, piece by piece.
const show = async (one, html) => {
  close();
  const asked = turn;
  opened = one;
  one.line.setAttribute("aria-current", "true");
  byId("explications").hidden = true;
  const detail = byId("detail");
  await breathe();
  if (asked !== turn) return;
  const main = new DOMParser()
    .parseFromString(html.replace(/<style>[^]*?<\/style>/, ""), "text/html") // its style is ours already
    .querySelector("main");
  detail.append(make("h2", { class: "t1", id: "titre-detail" }, one.name));
  const verdict = main.querySelector(".verdict");
  if (verdict) detail.append(verdict);
  detail.append(bar(one));
  detail.scrollIntoView();
  detail.focus({ preventScroll: true });
  for (const child of [...main.childNodes]) {
    if (child.childNodes.length > 8) { // a long section, a piece at a time
      const shell = child.cloneNode(false);
      detail.append(shell);
      for (const piece of [...child.childNodes]) {
        shell.append(piece);
        if (piece.nodeType === 1) await breathe();
        if (asked !== turn) return;
      }
    } else {
      detail.append(child);
      await breathe();
    }
    if (asked !== turn) return;
  }
  detail.dataset.complet = one.name;
};

const FILES = [
  ["xlsx", "À corriger (xlsx)"], ["csv", "À corriger (CSV)"], ["html", "Rapport (HTML)"],
  ["json", "Données (JSON)"], ["ecars", "Chiffres pour e-CARS"],
];
const bar = (one) => {
  const said = make("p", { class: "dit", role: "status" });
  one.said = said;
  const { lisible, copiable } = one.head;
  const button = (text, act, main = false) =>
    make("button", { type: "button", class: main ? "bouton principal" : "lien", onclick: act }, text);
  const pick = (text, id, act) => make("span", { class: "choix" },
    make("input", { id, type: "file", accept: ".xlsx,.xlsm", class: "invisible", onchange: (event) => event.target.files[0] && act(event.target.files[0]) }),
    make("label", { for: id, class: "lien" }, text));
  const nav = make("section", { class: "barre", "aria-label": "Et maintenant" });
  if (copiable) {
    nav.append(
      make("p", {}, button("Télécharger la copie annotée", () => download(one, "copie"), true)),
      make("p", { class: "note" }, "Votre classeur, chaque cellule en anomalie surlignée et commentée. Corrigez, puis déposez-le de nouveau sur cette page."));
  }
  const files = copiable ? FILES : FILES.filter(([format]) => !["xlsx", "csv"].includes(format));
  const line = make("p", { class: "aussi" }, ...files.map(([format, text]) => button(text, () => download(one, format))));
  if (lisible) {
    line.append(
      button("Réparer ce qui n'a qu'une lecture", () => download(one, "corriger")),
      button("Reporter dans un classeur neuf", () => download(one, "transvaser")),
      ...(one.head.marques ? [button("Retirer les marques", () => download(one, "sans_marques"))] : []),
      pick("Contrôler avec le retour de l'an dernier…", "precedent", (file) => beside(one, file)),
      pick("Comparer avec un fichier plus ancien…", "autre", (file) => compare(one, file)));
  }
  line.append(button("Imprimer", () => window.print()));
  nav.append(line, said);
  return nav;
};

const tell = (one, text, bad = false) => {
  if (!one.said) return;
  one.said.textContent = text;
  one.said.classList.toggle("non", bad);
};

const download = async (one, what) => {
  const request = what === "copie" ? { action: "copie", rapports: [one.head.rapport] }
    : ["corriger", "transvaser", "sans_marques"].includes(what) ? { action: what }
      : { action: "fichier", format: what, rapports: [one.head.rapport] };
  tell(one, "Préparation du fichier…");
  try {
    const needsFile = ["copie", "corriger", "transvaser", "sans_marques"].includes(what);
    const { head, content } = await engine.ask(request, needsFile ? { chemin: inside(one) } : {}, { first: true, limit: 2 * LIMIT });
    if (!content) throw new Error(head.refus || head.panne);
    save(head.nom, head.type, content);
    tell(one, [`Fichier ${quoted(head.nom)} téléchargé.`, ...(head.dit || [])].join(" "));
  } catch (failure) {
    tell(one, failure.message, true);
  }
};

const beside = async (one, file) => {
  const next = { ...one.options, precedent: await copied(file) };
  await replay(one, next);
};

const compare = async (one, file) => {
  tell(one, "Comparaison en cours…");
  try {
    const { head } = await engine.ask({ action: "comparer" }, { avant: await copied(file), apres: inside(one) }, { first: true });
    if (!head.html) throw new Error(head.refus || head.panne);
    await show(one, head.html);
  } catch (failure) {
    tell(one, failure.message, true);
  }
};

const everything = async (format) => {
  const rapports = [...results.values()].filter((one) => one.head).map((one) => one.head.rapport);
  const { head, content } = await engine.ask({ action: "fichier", format, rapports }, {}, { first: true, limit: 4 * LIMIT });
  if (content) save(head.nom, head.type, content);
};

// --- what comes in

const take = async (files) => {
  const list = [...files];
  if (!list.length) return;
  total += list.length; // announced at once, listed without holding the visitor up
  const answers = [], asked = stops;
  let last = null;
  for (const file of list) {
    answers.push(admit(file, {}, asked).catch(() => undefined)); // its line says why
    last = results.get(serial);
    await breathe();
  }
  await Promise.all(answers);
  if (list.length === 1 && last.head && results.has(last.key)) {
    await open(last);
  }
};

byId("classeurs").addEventListener("change", (event) => {
  const files = [...event.target.files];
  event.target.value = ""; // the same file may be chosen again
  take(files);
});
byId("arreter").addEventListener("click", () => {
  stops++;
  engine.stop((request) => request.action === "controler");
});
for (const button of document.querySelectorAll("[data-tous]")) button.addEventListener("click", () => everything(button.dataset.tous));
for (const name of ["dragenter", "dragover"]) {
  window.addEventListener(name, (event) => {
    if (!event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    byId("zone").classList.add("survol");
  });
}
window.addEventListener("dragleave", (event) => { if (event.relatedTarget === null) byId("zone").classList.remove("survol"); });
window.addEventListener("drop", (event) => {
  byId("zone").classList.remove("survol");
  if (!event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  dropped(event.dataTransfer).then(take);
});
// A folder stands for the workbooks in it, each called by its place; Excel's « ~$ » are not workbooks.
const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return transfer.files;
  const found = [];
  const walk = async (entry, place) => {
    if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) { // a reader gives a hundred at a time
        const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!batch.length) return;
        for (const inner of batch) await walk(inner, `${place}/${inner.name}`);
      }
    }
    if (place.includes("/") && !/^[^~.].*\.xls[xm]$/i.test(entry.name)) return;
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (place.includes("/")) file.place = place;
    found.push(file);
  };
  for (const entry of entries) await walk(entry, entry.name).catch(() => undefined); // unreadable: nothing in it
  if (!found.length) say("Il n'y a aucun classeur .xlsx ou .xlsm dans ce dossier.");
  return found;
};

// For other programs: the object of `--format json`.
window.xlCpom = Object.freeze({
  controler: (file, options = {}) => receive(file, options),
});
