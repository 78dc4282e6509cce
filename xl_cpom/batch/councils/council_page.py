"""What a conseil départemental is given: a page to read, and the same lines as tables."""

from __future__ import annotations

import datetime as dt

from xl_cpom.batch.councils.council_figures import Council
from xl_cpom.batch.region.page import page_environment
from xl_cpom.reports.mail import draft
from xl_cpom.reports.xlsx_tables import Cellule, XlsxBook, XlsxColumn
from xl_cpom.typography import date_text, number_text, plural, rate_text, typeset
from xl_cpom.workbook.model import Kind
from xl_cpom.workbook.sheets import SHEETS

PAGE, BOOK, MESSAGE = "conseil.html", "conseil.xlsx", "courriel.eml"

_ESMS = (
    XlsxColumn("FINESS ET", 12), XlsxColumn("ESMS", 34), XlsxColumn("Catégorie", 34),
    XlsxColumn("Secteur", 9), XlsxColumn("Places", 8, "0"), XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Organisme gestionnaire", 30), XlsxColumn("Retour", 20),
    XlsxColumn("Conseil signataire", 12), XlsxColumn("Sorti le", 12),
    XlsxColumn("Mesures à lever", 12, "0"), XlsxColumn("dont en retard", 12, "0"),
    XlsxColumn("Critères impératifs ouverts", 14, "0"), XlsxColumn("SI incomplets", 12, "0"),
    XlsxColumn("Déficit restant", 14, "#,##0"),
)  # fmt: skip


def council_page(council: Council) -> str:
    """The text of the page. The same figures give the same text."""
    return (
        page_environment()
        .get_template("conseil.html")
        .render(
            c=council,
            combien=plural,
            entier=lambda value: "–" if value is None else number_text(value, 0),
            taux=rate_text,
            jour=_day,
        )
    )


def council_workbook(council: Council) -> bytes:
    """The bytes of the workbook. The same figures give the same bytes."""
    book = XlsxBook(typeset(f"CPOM : ESMS du conseil départemental, {council.libelle}"))
    book.table("ESMS", "tEsms", _ESMS, [
        (e.finess_et, e.name, e.categorie, e.secteur, e.capacite, e.finess_ej, e.organisme,
         e.verdict, "Oui" if e.signed else "Non", _day(e.left_on), e.to_lift, e.late, e.criteria,
         e.systems, e.deficit) for e in council.esms
    ])  # fmt: skip
    book.table(
        "Taux", "tTaux",
        (XlsxColumn("Indicateur", 44), XlsxColumn("Secteur", 9), XlsxColumn("Numérateur", 12, "0"),
         XlsxColumn("Dénominateur", 13, "0"), XlsxColumn("Taux", 9, "0.0%")),
        [(r.libelle, r.secteur, r.numerateur, r.denominateur, r.taux) for r in council.rates],
    )  # fmt: skip
    for key, rows in council.lines.items():
        columns = SHEETS[key].columns
        titles = (
            XlsxColumn("Organisme gestionnaire", 30),
            *(XlsxColumn(c.header, max(10, c.width or 14)) for c in columns),
        )
        dates = {c.key for c in columns if c.kind is Kind.DATE}
        lines: list[list[Cellule]] = [
            [row["organisme"], *(_shown(row[c.key], c.key in dates) for c in columns)]
            for row in rows
        ]
        book.table(SHEETS[key].name, f"t{key.capitalize()}", titles, lines)
    return book.content()


def council_pieces(council: Council) -> dict[str, bytes]:
    """What a conseil is given, by name of file: the page, the tables, the draft of a message."""
    pieces = {PAGE: council_page(council).encode(), BOOK: council_workbook(council)}
    return {**pieces, MESSAGE: council_message(council, pieces)}


def council_message(council: Council, pieces: dict[str, bytes]) -> bytes:
    """The draft that carries the page and the tables to a conseil."""
    year = f", année {council.annee}" if council.annee else ""
    text = (
        "Madame, Monsieur,\n\nVous trouverez ci-joint ce que disent les retours des CPOM de vos "
        f"établissements et services{year} : {plural(len(council.esms), 'ESMS', 'ESMS')} de "
        f"{plural(council.organismes, 'organisme gestionnaire', 'organismes gestionnaires')}.\n\n"
        "L'agence régionale de santé\n"
    )
    subject = f"CPOM socle{year} : établissements du département ({council.libelle})"
    return draft("", typeset(subject), typeset(text), pieces)


def _shown(value: object, is_date: bool) -> Cellule:
    if is_date and isinstance(value, str):
        return _day(value)
    return value if isinstance(value, str | int | float) else None


def _day(text: str) -> str:
    try:
        return date_text(dt.date.fromisoformat(text))
    except ValueError:
        return ""
