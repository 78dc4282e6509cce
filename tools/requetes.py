"""Questions that the ARS asks of its consolidation, as SQL for DuckDB: `{d}` is the folder.

They are shown in the documentation and run by a test, so that they cannot go stale.
"""

from __future__ import annotations

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "Où en est chaque département": """
SELECT departement, count(*) FILTER (attendu) AS attendus, count(*) FILTER (recu) AS recus,
       count(*) FILTER (etat IN ('recevable', 'recevable avec réserves')) AS recevables,
       count(*) FILTER (etat = 'manquant') AS manquants
FROM '{d}/organismes.parquet' WHERE NOT hors_liste GROUP BY departement ORDER BY departement""",
    "Le taux de la région par module et par secteur": """
SELECT annee, module, secteur, sum(numerateur) / sum(denominateur) AS taux,
       count(DISTINCT finess_ej) AS organismes
FROM '{d}/indicateurs.parquet'
WHERE denominateur > 0 AND verdict IN ('recevable', 'recevable avec réserves')
GROUP BY annee, module, secteur ORDER BY module, secteur, annee""",
    "Les dix fautes les plus fréquentes": """
SELECT code, gravite, count(DISTINCT fichier) AS retours, count(*) AS fois
FROM '{d}/anomalies.parquet' WHERE retenu AND gravite <> 'information'
GROUP BY code, gravite ORDER BY retours DESC, code LIMIT 10""",
    "Les EHPAD en retard sur leur évaluation HAS": """
SELECT departement, finess_et, raison_sociale, capacite_autorisee
FROM '{d}/etablissements.parquet'
WHERE categorie = '500' AND date_evaluation_has IS NULL ORDER BY departement, finess_et""",
    "Les actions non réalisées à leur échéance": """
SELECT DISTINCT a.finess_ej, a.organisme, a.numero, a.intitule, a.echeance, a.statut
FROM '{d}/actions.parquet' a JOIN '{d}/identification.parquet' i USING (fichier)
WHERE a.echeance < i.date_arrete AND a.statut IN ('À démarrer', 'En cours')
ORDER BY a.echeance, a.finess_ej, a.numero""",
}
"""Title (French) -> query."""
