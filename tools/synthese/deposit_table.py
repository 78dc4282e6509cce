"""What forty organismes send over three weeks, and what must be said of it: one exact table.

Nothing here is computed by the product. A file is declared with what is in it and with the verdict
it must get; an organisme with the state it must be in. The counts follow by adding up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

EXPECTED, SEED = 40, 2026
"""Organismes that the list names; the one after the last answers without being in it."""

RECEVABLE, RESERVES, REFUSE, ILLISIBLE = (
    "recevable", "recevable avec réserves", "non recevable", "illisible",
)  # fmt: skip
A_CORRIGER, MISSING = "à corriger", "manquant"
COPY, VERSION, OTHER_YEAR, UNREAD = "copie", "version", "annee", "illisible"


@dataclass(frozen=True)
class Sent:
    """A file of the deposit.

    name: {ej} is the number of its organisme. content: how it is made (see `deposit.MAKERS`).
    aside: why it does not count ("" : it counts). unattached: nothing ties it to its organisme.
    """

    name: str
    rank: int
    content: str
    verdict: str = RECEVABLE
    aside: str = ""
    unattached: bool = False
    codes: tuple[str, ...] = ()
    """Rules that must be told of it (others may be)."""


@dataclass(frozen=True)
class Week:
    """What changes in the deposit, and the states that change with it."""

    number: int
    added: tuple[Sent, ...]
    removed: tuple[str, ...] = ()
    states: dict[int, str] = field(default_factory=dict)
    told: dict[str, Sent] = field(default_factory=dict)
    """Files that stay and of which something else is now said, by name."""
    waiver: bool = False
    profile: bool = False
    passwords: bool = False


def _honest(*ranks: int, name: str = "CPOM_{ej}.xlsx") -> tuple[Sent, ...]:
    return tuple(Sent(name, rank, "honnête") for rank in ranks)


def _refused(rank: int, fault: str, code: str) -> Sent:
    return Sent("CPOM_{ej}.xlsx", rank, f"faute:{fault}", REFUSE, codes=(code,))


WEEK_1 = Week(
    1,
    (
        *_honest(0, 1, 2, 4, 5, 7, 15, 19, 24, 37),
        *_honest(8, name="Dept 58/retour {ej} définitif.xlsx"),
        *_honest(35, name="Dept 25/CPOM {ej} FINAL (2).xlsx"),
        *_honest(39, name="RETOUR_{ej}.XLSX"),
        _refused(3, "clé FINESS fausse", "FMT-002"),
        _refused(6, "sans pilote", "MOD-005"),
        _refused(10, "levée sans courrier", "INS-002"),
        _refused(12, "date en lettres", "FMT-007"),
        _refused(13, "statut inventé", "FMT-013"),
        Sent("CPOM_{ej}.xlsx", 9, "faute:réalisée à moitié", RESERVES, codes=("SUI-001",)),
        Sent("CPOM_{ej}.xlsx", 11, "faute:taux en points", RESERVES, codes=("FMT-010",)),
        # 14, 16 and 34 send nothing; 18 neither, but its ESMS is in the return of 17
        Sent("CPOM_{ej}.xlsx", 17, "emprunt:18", RESERVES, codes=("LOT-012",)),
        Sent("CPOM_{ej}.xlsx", 20, "honnête"),
        Sent("Dept 89/CPOM_{ej} - Copie.xlsx", 20, "copie:CPOM_{ej}.xlsx", aside=COPY,
             codes=("LOT-004",)),
        Sent("CPOM_{ej}_v1.xlsx", 21, "ancien", REFUSE, VERSION, codes=("LOT-006", "MOD-005")),
        Sent("CPOM_{ej}_v2.xlsx", 21, "honnête"),
        Sent("CPOM_{ej}.xlsx", 22, "an passé", REFUSE, OTHER_YEAR, codes=("LOT-007",)),
        Sent("CPOM_{ej}.xls", 23, "xls", ILLISIBLE, UNREAD),
        Sent("CPOM_{ej}.xlsx", 23, "honnête"),
        Sent("Retours des Trois Rivières.zip/CPOM_{ej}.xlsx", 25, "honnête"),
        Sent("Retours des Trois Rivières.zip/Jura/CPOM_{ej}.xlsx", 26, "honnête"),
        Sent("Retours des Trois Rivières.zip/CPOM_{ej}.xlsx", 28, "faute:sans pilote", REFUSE,
             codes=("MOD-005",)),
        Sent("CPOM_{ej}_protégé.xlsx", 27, "chiffré", ILLISIBLE, UNREAD),
        Sent("CPOM_{ej}.xlsx", 29, "PDF", ILLISIBLE, UNREAD),
        Sent("{ej} CPOM.xlsx", 30, "page web", ILLISIBLE, UNREAD),
        Sent("classeur de Montbard.xlsx", 31, "coupé", ILLISIBLE, UNREAD, unattached=True),
        Sent("CPOM_{ej}.xlsx", 32, "prérempli", REFUSE, codes=("STR-060",)),
        Sent("CPOM_{ej}.xlsx", 33, "faute:sans SIREN", REFUSE, codes=("FMT-015",)),
        Sent("ARS/CPOM_{ej}_annoté.xlsx", 33, "annotée:CPOM_{ej}.xlsx", REFUSE, COPY,
             codes=("LOT-004",)),
        # it takes the ESMS of 37, which sent its own
        Sent("CPOM_{ej}.xlsx", 36, "emprunt:37", REFUSE, codes=("LOT-001",)),
        Sent("Dept 21/CPOM {ej} partie 1.xlsx", 38, "partie:1", codes=("LOT-014",)),
        Sent("Dept 21/CPOM {ej} partie 2.xlsx", 38, "partie:2", codes=("LOT-014",)),
        Sent("CPOM_{ej}.xlsx", 40, "honnête", RESERVES, codes=("LOT-011",)),
    ),
    states={
        **dict.fromkeys((0, 1, 2, 4, 5, 7, 8, 15, 19, 20, 21, 23, 24, 25, 26, 35, 37, 38, 39),
                        RECEVABLE),
        **dict.fromkeys((9, 11, 17), RESERVES),
        **dict.fromkeys((3, 6, 10, 12, 13, 28, 32, 33, 36), A_CORRIGER),
        **dict.fromkeys((27, 29, 30), ILLISIBLE),
        **dict.fromkeys((14, 16, 18, 22, 31, 34), MISSING),
        40: RESERVES,
    },
)  # fmt: skip

WEEK_2 = Week(
    2,
    (
        *_honest(14, 29, name="Semaine 2/CPOM_{ej}_reçu.xlsx"),
        *_honest(22, name="Semaine 2/CPOM_{ej} 2027.xlsx"),
        *_honest(31, name="Semaine 2/CPOM_{ej}.xlsx"),
        Sent("CPOM_{ej}.xlsx", 16, "faute:sans pilote", REFUSE, codes=("MOD-005",)),
        Sent("Semaine 2/CPOM_{ej}_v2.xlsx", 3, "corrigé"),
        # sent again as it was
        Sent("Semaine 2/CPOM_{ej} (1).xlsx", 10, "copie:CPOM_{ej}.xlsx", REFUSE, COPY,
             codes=("LOT-004",)),
        *_honest(6, 32),  # in the place of the file of the first week
    ),
    removed=("Dept 25/CPOM {35} FINAL (2).xlsx",),
    states={
        **dict.fromkeys((3, 6, 14, 22, 29, 31, 32, 27), RECEVABLE),
        16: A_CORRIGER,
        35: MISSING,
    },
    told={
        "CPOM_{3}.xlsx": Sent("CPOM_{ej}.xlsx", 3, "faute:clé FINESS fausse", REFUSE, VERSION,
                              codes=("LOT-006", "FMT-002")),
        "CPOM_{27}_protégé.xlsx": Sent("CPOM_{ej}_protégé.xlsx", 27, "chiffré"),
    },
    passwords=True,
)  # fmt: skip

WEEK_3 = Week(
    3,
    (
        *_honest(36),
        *_honest(34, name="Semaine 3/{ej}.xlsx"),
        *_honest(35, name="Semaine 3/{ej}.xlsx"),
        Sent("Semaine 3/CPOM_{ej}_v2.xlsx", 12, "corrigé"),
    ),
    removed=("CPOM_{9}.xlsx",),
    states={
        **dict.fromkeys((12, 34, 35, 36), RECEVABLE),
        9: MISSING,
        # the waiver lifts the fault, not what it does to the declared rate
        10: RESERVES,
        # the profile softens MOD-005; FMT-013 of 13 stays blocking: an indicator needs that cell
        **dict.fromkeys((16, 28), RESERVES),
    },
    told={
        "CPOM_{10}.xlsx": Sent("CPOM_{ej}.xlsx", 10, "faute:levée sans courrier", RESERVES),
        "Semaine 2/CPOM_{10} (1).xlsx": Sent("Semaine 2/CPOM_{ej} (1).xlsx", 10, "copie", RESERVES,
                                             COPY, codes=("LOT-004",)),
        "CPOM_{12}.xlsx": Sent("CPOM_{ej}.xlsx", 12, "faute:date en lettres", REFUSE, VERSION,
                               codes=("LOT-006", "FMT-007")),
        "CPOM_{16}.xlsx": Sent("CPOM_{ej}.xlsx", 16, "faute:sans pilote", RESERVES,
                               codes=("MOD-005",)),
        "CPOM_{21}_v1.xlsx": Sent("CPOM_{ej}_v1.xlsx", 21, "ancien", RESERVES, VERSION,
                                  codes=("LOT-006", "MOD-005")),
        "Retours des Trois Rivières.zip/CPOM_{28}.xlsx": Sent(
            "Retours des Trois Rivières.zip/CPOM_{ej}.xlsx", 28, "faute:sans pilote", RESERVES,
            codes=("MOD-005",)),
    },
    waiver=True,
    profile=True,
    passwords=True,
)  # fmt: skip

WEEKS = (WEEK_1, WEEK_2, WEEK_3)

NOISE = ("~$CPOM.xlsx", "Thumbs.db", ".DS_Store", "Dept 21/~$CPOM.xlsx")
"""What nobody meant to send: never told."""

LETTERS = ("Dept 21/Lettre d'accompagnement.docx", "message.msg")
"""What is no workbook: told, and left aside."""
