// What the page gains with scripts: files dropped anywhere, a list of them, sizes checked before
// anything is sent, and a word while the control runs. Without scripts the form works as it is.
"use strict";
(() => {
  const depot = document.getElementById("depot");
  const zone = document.getElementById("zone");
  const champ = document.getElementById("classeurs");
  const choisis = document.getElementById("choisis");
  const erreur = document.getElementById("erreur");
  const etat = document.getElementById("etat");
  const bouton = depot.querySelector("button");
  const fine = "\u202f", insecable = "\u00a0";

  const taille = (octets) => octets < 1048576
    ? `${Math.max(1, Math.round(octets / 1024))}${insecable}Kio`
    : `${(octets / 1048576).toLocaleString("fr-FR", { maximumFractionDigits: 1 })}${insecable}Mio`;

  const defaut = (fichiers) => {
    const autre = fichiers.find((f) => !/\.xls[xm]$/i.test(f.name));
    if (autre) return `«${insecable}${autre.name}${insecable}» n'est pas un classeur .xlsx ou .xlsm.`;
    if (fichiers.length > Number(champ.dataset.fichiers)) {
      return `Pas plus de ${champ.dataset.fichiers} classeurs à la fois${insecable}: envoyez-les en plusieurs fois.`;
    }
    const total = fichiers.reduce((somme, f) => somme + f.size, 0);
    if (total > Number(champ.dataset.octets)) {
      return `Ces fichiers dépassent ${taille(Number(champ.dataset.octets))} en tout.`;
    }
    return "";
  };

  const montrer = () => {
    const fichiers = Array.from(champ.files);
    choisis.replaceChildren(...fichiers.map((f) => {
      const ligne = document.createElement("li");
      for (const texte of [f.name, taille(f.size)]) {
        const mot = document.createElement("span");
        mot.textContent = texte;
        ligne.append(mot);
      }
      return ligne;
    }));
    choisis.hidden = !fichiers.length;
    const message = defaut(fichiers);
    erreur.textContent = message;
    erreur.hidden = !message;
    bouton.textContent = fichiers.length > 1 ? `Contrôler les ${fichiers.length} classeurs` : "Contrôler";
    return !message;
  };

  const attendre = () => {
    bouton.disabled = true;
    etat.textContent = `Contrôle en cours${fine}; quelques secondes par classeur.`;
  };

  const reprendre = () => {
    bouton.disabled = false;
    etat.textContent = "";
    montrer();
  };

  // The field covers the zone, unseen: the browser's own words, in its own language, give way to
  // ours; it keeps the focus, the keyboard and the drop.
  zone.classList.add("vive");
  champ.addEventListener("change", montrer);
  depot.addEventListener("submit", (evenement) => {
    if (!montrer()) {
      evenement.preventDefault();
      champ.focus();
      return;
    }
    attendre();
  });
  // The field itself takes a drop without scripts; with them the whole window does.
  for (const nom of ["dragenter", "dragover"]) {
    window.addEventListener(nom, (evenement) => {
      if (!evenement.dataTransfer || !evenement.dataTransfer.types.includes("Files")) return;
      evenement.preventDefault();
      zone.classList.add("survol");
    });
  }
  window.addEventListener("dragleave", (evenement) => {
    if (evenement.relatedTarget === null) zone.classList.remove("survol");
  });
  window.addEventListener("drop", (evenement) => {
    zone.classList.remove("survol");
    if (bouton.disabled || !evenement.dataTransfer || !evenement.dataTransfer.files.length) return;
    evenement.preventDefault();
    champ.files = evenement.dataTransfer.files;
    if (montrer()) depot.requestSubmit();
    else champ.focus();
  });
  window.addEventListener("pageshow", reprendre);
})();
