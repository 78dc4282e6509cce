"""What a person installing the extension must know, in French, and the licence."""

from __future__ import annotations

from typing import Final

from xl_cpom.typography import typeset
from xl_cpom.version import __version__

FICHIER: Final = "cpom.oxt"

NOTICE: Final = typeset(
    f"""Fonctions CPOM pour LibreOffice Calc, version {__version__}

Les fonctions du classeur « CPOM socle » (CPOM_TAUX, CPOM_ATTEINTE…), calculées sur ce poste,
sans réseau et sans macro.

Installer
  Avec la souris : Outils > Gestionnaire des extensions > Ajouter, choisir {FICHIER}, redémarrer.
  En ligne de commande, pour soi :
    unopkg add --suppress-license {FICHIER}
  Pour tous les utilisateurs du poste, en administrateur :
    unopkg add --shared --suppress-license {FICHIER}
  Mettre à jour : la même commande avec l'option --force.
  Retirer : unopkg remove fr.cpom.calc
  Sous Debian et Ubuntu, le paquet python3-uno est nécessaire.

Ouvrir le classeur
  Depuis LibreOffice 25.2 : ouvrir le classeur, puis Ctrl+Maj+F9 pour tout recalculer.
  Versions plus anciennes : elles ne rapprochent pas les noms d'un classeur Excel de ceux d'une
  extension et montrent #NOM?. Demander à l'ARS le classeur en formules simples, qui n'a besoin
  d'aucune extension et donne les mêmes valeurs.

Ce qui diffère d'Excel
  Une quantité (journées, places, personnes, euros…) se donne par une cellule, pas par un nombre
  écrit dans la formule : une cellule vide reste ainsi vide au lieu de compter pour 0.
  Dans CPOM_TAUX, une quantité donnée par une seule cellule vide compte pour 0.
  VRAI et FAUX s'affichent 1 et 0, et sont lus de même.
  Une plage où une cellule est en erreur donne #VALEUR!, quelle que soit l'erreur.
"""
)

LICENCE: Final = """MIT License

Copyright (c) 2026 Les auteurs de xl_cpom

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
