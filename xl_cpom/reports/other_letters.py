"""The other letters of a campaign: the acknowledgement of what came, the reminder of what did not.

They are made like the letter of control, from templates and the same names. The mentions of the
acknowledgement are those of the code des relations entre le public et l'administration
(Légifrance): art. L. 112-11 (what is sent electronically is acknowledged) and R. 112-11-1 (day of
receipt; service in charge, its e-mail or postal address, its telephone). R. 112-5 is for requests
(L. 112-3): a yearly return asks for nothing and opens no implicit decision, which the
acknowledgement says.
"""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.jinja_environment import template_source
from xl_cpom.reports.letter import Letter, fill_letter, letter_content
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.typography import long_date
from xl_cpom.validators.model import Report


@dataclass(frozen=True, slots=True)
class Missing:
    """An organisme that sent nothing. reason: what is known of it (French), or ""."""

    finess_ej: str
    organisme: str
    annee: int | None = None
    reason: str = ""
    courriel: str = ""


def acknowledgement(report: Report, context: RenderOptions) -> str:
    """The acknowledgement of one file, as Markdown."""
    return fill_letter(template_source("accuse.md"), letter_content(report, context))


def reminder(missing: Missing, context: RenderOptions) -> str:
    """The reminder to one organisme, as Markdown."""
    return fill_letter(template_source("relance.md"), reminder_content(missing, context))


def reminder_content(missing: Missing, context: RenderOptions) -> Letter:
    """The content of a reminder: nothing of a file, since none came."""
    blank: dict[str, object] = dict.fromkeys(
        ("fichier", "moteur", "referentiel", "sha256"), ""
    ) | dict.fromkeys(("illisible", "incomplet", "deduites"), False)
    return Letter(
        organisme=missing.organisme or "Organisme gestionnaire",
        finess_ej=missing.finess_ej,
        annee=str(missing.annee or ""),
        date=long_date(context.date) if context.date else "",
        echeance=long_date(context.echeance) if context.echeance else "",
        blocages=(),
        reserves=(),
        derogations=(),
        complements=missing.reason,
        service=context.service,
        **blank,  # type: ignore[arg-type]
    )
