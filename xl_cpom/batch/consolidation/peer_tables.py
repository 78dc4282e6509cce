"""The quartiles that a consolidation holds, read from its Parquet files by DuckDB.

Only returns that can be taken count: a refused one may be wrong by a factor of ten.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from xl_cpom.batch.consolidation.consolidate import duckdb_version, parquet_folder
from xl_cpom.errors import XlCpomError
from xl_cpom.extras import to_install
from xl_cpom.files.temporaries import private_folder
from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.reports.dialogue.peers import FEWEST, Peers, Quartiles
from xl_cpom.typography import listing, typeset
from xl_cpom.validators.model import TAKEN

_TAKEN = ", ".join(f"'{v.value}'" for v in TAKEN)
_TABLES = ("retours", "indicateurs", "activite", "etablissements")


class NoPeersError(XlCpomError, ValueError):
    """A folder holds no consolidation to be compared with. The message is French."""


def read_peers(folder: Path, annee: int | None) -> Peers:
    """The quartiles of a year of a consolidation.

    Raises NoPeersError: no DuckDB, no Parquet files there, none of that year.
    """
    if duckdb_version() is None:
        raise NoPeersError(typeset(f"Pas de comparaison : {to_install('campagne')}."))
    place = parquet_folder(folder, annee)
    if annee is None or any(not (place / f"{name}.parquet").is_file() for name in _TABLES):
        raise NoPeersError(typeset(_absent(folder, annee)))
    import duckdb

    with (
        private_folder() as aside,  # DuckDB takes no path that is not valid text
        duckdb.connect(config={"autoinstall_known_extensions": "false"}) as base,
    ):
        base.execute("SET threads = 1")
        for name in _TABLES:
            copied = shutil.copyfile(place / f"{name}.parquet", aside / f"{name}.parquet")
            source = str(copied).replace("'", "''")
            base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{source}')")  # noqa: S608
        counted = _all(
            base,
            "SELECT count(DISTINCT finess_ej) FROM retours "  # noqa: S608
            f"WHERE retenu AND verdict IN ({_TAKEN})",
        )
        ((organismes,),) = counted
        return Peers(
            annee,
            organismes,
            _quartiles(base, "module || '/' || secteur", "taux", "indicateurs", "verdict"),
            _quartiles(base, "departement || '/' || module || '/' || secteur", "taux",
                       "indicateurs", "verdict"),
            _figures(base),
        )  # fmt: skip


def _absent(folder: Path, annee: int | None) -> str:
    if annee is None:
        return "L'année suivie du retour n'est pas lue : rien à comparer."
    years = sorted(
        path.name.partition("=")[2]
        for path in (folder / "parquet").glob("annee=2*")
        if path.is_dir()
    )
    if years:
        return (
            f"La consolidation « {folder} » n'a pas l'année {annee}, celle du retour : elle a "
            f"{listing(years)}."
        )
    return (
        f"« {folder} » n'est pas une consolidation : écrivez-la par « xl-cpom valider RETOURS "
        "--consolidation DOSSIER », avec l'option « campagne »."
    )


def _figures(base: Any) -> dict[str, Quartiles]:
    """Those of each ANAP indicator, by category of ESMS and exercice."""
    base.execute(
        "CREATE VIEW taken AS SELECT DISTINCT "  # noqa: S608
        "a.* EXCLUDE (organisme, fichier, rang, commentaire), e.categorie FROM activite a "
        "JOIN etablissements e ON e.fichier = a.fichier AND e.finess_et = a.finess_et "
        f"JOIN retours r ON r.fichier = a.fichier AND r.verdict IN ({_TAKEN}) "
        "WHERE a.exercice IS NOT NULL AND e.categorie IS NOT NULL"
    )
    found: dict[str, Quartiles] = {}
    for indicator in INDICATEURS_ANAP:
        column = f"taux_{indicator.code.lower()}"
        key = f"categorie || '/' || exercice || '/{column}'"
        found |= _quartiles(base, key, column, "taken")
    return found


def _quartiles(
    base: Any, key: str, value: str, table: str, verdict: str = ""
) -> dict[str, Quartiles]:
    taken = f"AND {verdict} IN ({_TAKEN})" if verdict else ""
    rows = _all(
        base,
        f"SELECT {key} AS cle, count(*), quantile_cont({value}, 0.25), median({value}), "  # noqa: S608
        f"quantile_cont({value}, 0.75) FROM {table} "
        f"WHERE isfinite({value}) AND {key} IS NOT NULL {taken} "
        f"GROUP BY cle HAVING count(*) >= {FEWEST} ORDER BY cle",
    )
    return {name: Quartiles(*figures) for name, *figures in rows}


def _all(base: Any, query: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = base.execute(query).fetchall()
    return found
