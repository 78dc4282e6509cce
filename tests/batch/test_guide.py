"""The guide of a campaign says what is shipped: queries, columns, names of the files."""

from __future__ import annotations

from pathlib import Path

from tools.requetes import REQUETES
from xl_cpom.batch.deposit import AUTRES, NOTRES
from xl_cpom.batch.given_lists import COLONNES
from xl_cpom.batch.preparation import ATTENDUS, SUIVI
from xl_cpom.typography import typeset
from xl_cpom.validators.versions import Trace

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "campagne.md"
TEXTE = GUIDE.read_text(encoding="utf-8")


def test_les_requetes_sont_celles_qui_sont_essayees() -> None:
    for title, query in REQUETES.items():
        shown = query.strip().format(d="CONSOLIDATION/parquet/annee=2027")
        assert f"{typeset(title + ' :')}\n\n```sql\n{shown}\n```" in TEXTE


def test_les_fichiers_et_les_colonnes_existent() -> None:
    for name in (SUIVI, ATTENDUS):
        assert f"`{name}`" in TEXTE
    for column in ("finess_ej", "raison_sociale", "departement", "type_contrat", "date_entree",
                   "competence", "contact", "courriel", "telephone"):  # fmt: skip
        assert f"`{column}`" in TEXTE and column in COLONNES
    for extension in (".xls", ".xlsb", ".ods", ".numbers", ".zip"):
        assert extension in TEXTE and extension in AUTRES
    assert {".xlsx", ".xlsm"} == NOTRES


def test_le_nom_conseille_departage_deux_versions() -> None:
    assert "`CPOM2630_<FINESS EJ>_<AAAAMMJJ>_v<N>.xlsx`" in TEXTE
    trace = Trace("CPOM2630_210099008_20280115_v2.xlsx")
    assert (str(trace.jour), trace.version) == ("2028-01-15", 2)
