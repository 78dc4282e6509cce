"""VBA of the add-in, generated from the registry: one wrapper per function, help, ribbon.

Same calls as xlwings' own generator, with two differences it does not offer: an error of the core
is a real Excel error (CVErr), and a failure of Python is #NOM? instead of a text in the cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_cpom.functions import FUNCTIONS, CellFunction
from xl_cpom.version import __version__

MODULE_PYTHON = "xl_cpom.udfs.xlwings_module"
CATEGORIE = "CPOM"
BY_PROCEDURE = 8
"""Functions described by one procedure: VBA refuses procedures over 64 kB."""

CVERR = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}

BUTTONS = {
    "Verifier": "from xl_cpom.udfs import ribbon as ruban; ruban.verifier()",
    "Reparer": "from xl_cpom.udfs import ribbon as ruban; ruban.repair()",
    "Marques": "from xl_cpom.udfs import ribbon as ruban; ruban.remove_marks()",
    "Figer": "from xl_cpom.udfs import ribbon as ruban; ruban.figer()",
}
"""Ribbon buttons that run Python."""

_LATIN = str.maketrans({"\u202f": "\u00a0", "−": "-", "★": "étoile"})


def ansi(text: str) -> str:
    """The text with what cp1252 can write: VBA sources know no other character."""
    return text.translate(_LATIN).encode("cp1252", "replace").decode("cp1252")


def texte(text: str) -> str:
    """A VBA text constant."""
    return '"' + ansi(text).replace('"', '""') + '"'


def module(name: str) -> str:
    """Source of the module of the functions, lines ended by CR LF, ready for cp1252."""
    lines = [
        f'Attribute VB_Name = "{name}"',
        f"' Complement CPOM {__version__} : module produit par le programme, ne pas modifier.",
        "Option Explicit",
        "Private derniereErreur As String",
        "Private decrites As Boolean",
        "",
    ]
    for function in FUNCTIONS.values():
        lines += _wrapper(function)
    lines += _value()
    lines += _help(list(FUNCTIONS.values()))
    lines += _ribbon()
    return "\r\n".join(lines) + "\r\n"


def this_workbook(attributes: str) -> str:
    """Source of ThisWorkbook: the help is registered once a workbook is open.

    Excel refuses to register it before, and starts without a workbook.
    """
    lines = (
        "Option Explicit",
        "Private WithEvents hote As Application",
        "",
        "Private Sub Workbook_Open()",
        "    Set hote = Application",
        "End Sub",
        "",
        "Private Sub hote_WorkbookActivate(ByVal classeur As Workbook)",
        "    CpomDecrire",
        "End Sub",
    )
    return attributes + "\r\n".join(lines) + "\r\n"


def _wrapper(function: CellFunction) -> Iterator[str]:
    name = function.name
    params = ", ".join(("Optional " if p.optional else "") + p.name for p in function.params)
    values = ", ".join(p.name for p in function.params)
    yield f"Public Function {name}({params})"
    yield f"Attribute {name}.VB_Description = {texte(function.description)}"
    yield f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    yield '    If TypeName(Application.Caller) = "Range" Then On Error GoTo echec'
    yield (
        f'    {name} = Valeur(XLPy.CallUDF("{MODULE_PYTHON}", "{name}", Array({values}), '
        "ActiveWorkbook, Application.Caller))"
    )
    yield "    Exit Function"
    yield "echec:"
    yield "    derniereErreur = Err.Description"
    yield f"    {name} = CVErr({CVERR['#NAME?']})"
    yield "End Function"
    yield ""


def _value() -> Iterator[str]:
    """Texts that are error values made errors, in one value or in an array of them."""
    yield "Private Function Valeur(ByVal trouve As Variant) As Variant"
    yield "    Dim i As Long, j As Long"
    yield "    If Not IsArray(trouve) Then"
    yield "        Valeur = Erreur(trouve)"
    yield "        Exit Function"
    yield "    End If"
    yield "    For i = LBound(trouve, 1) To UBound(trouve, 1)"
    yield "        For j = LBound(trouve, 2) To UBound(trouve, 2)"
    yield "            trouve(i, j) = Erreur(trouve(i, j))"
    yield "        Next j"
    yield "    Next i"
    yield "    Valeur = trouve"
    yield "End Function"
    yield ""
    yield "Private Function Erreur(ByVal trouve As Variant) As Variant"
    yield "    Erreur = trouve"
    yield "    If VarType(trouve) <> vbString Then Exit Function"
    yield "    Select Case trouve"
    for code, number in CVERR.items():
        yield f'        Case "{code}": Erreur = CVErr({number})'
    yield "    End Select"
    yield "End Function"
    yield ""


def _help(functions: Sequence[CellFunction]) -> Iterator[str]:
    """Category and arguments for the function wizard, registered once a workbook is open."""
    groups = [functions[i : i + BY_PROCEDURE] for i in range(0, len(functions), BY_PROCEDURE)]
    yield "Private Sub Decrire(nom As String, aide As String, Optional arguments As Variant)"
    yield "    On Error Resume Next"
    yield "    Dim macro As String"
    yield """    macro = "'" & ThisWorkbook.Name & "'!" & nom"""
    register = "Application.MacroOptions Macro:=macro, Description:=aide, Category:="
    yield "    If IsMissing(arguments) Then"
    yield f"        {register}{texte(CATEGORIE)}"
    yield "    Else"
    yield f"        {register}{texte(CATEGORIE)}, ArgumentDescriptions:=arguments"
    yield "    End If"
    yield "End Sub"
    yield ""
    for rank, group in enumerate(groups, start=1):
        yield f"Private Sub Decrire{rank}()"
        for function in group:
            yield from _described(function)
        yield "End Sub"
        yield ""
    yield "Public Sub CpomDecrire()"
    yield "    If decrites Or Workbooks.Count = 0 Then Exit Sub"
    yield "    decrites = True"
    yield from (f"    Decrire{rank}" for rank in range(1, len(groups) + 1))
    yield "    ThisWorkbook.Saved = True"
    yield "End Sub"
    yield ""
    yield "Public Sub CpomCharge(ruban As IRibbonUI)"
    yield "    CpomDecrire"
    yield "End Sub"
    yield ""


def _described(function: CellFunction) -> Iterator[str]:
    start = f"    Decrire {texte(function.name)}, _"
    yield start
    if not function.params:
        yield f"        {texte(function.description)}"
        return
    yield f"        {texte(function.description)}, Array( _"
    docs = [f"        {texte(p.doc)}" for p in function.params]
    yield from (f"{doc}, _" for doc in docs[:-1])
    yield f"{docs[-1]})"


def _ribbon() -> Iterator[str]:
    for button, command in BUTTONS.items():
        yield f"Public Sub Cpom{button}(bouton As IRibbonControl)"
        yield f'    RunPython "{command}"'
        yield "End Sub"
        yield ""
    yield "Public Sub CpomAide(bouton As IRibbonControl)"
    help_lines = (
        "Vérifier : enregistre le classeur, le contrôle et remplit la feuille « Contrôles ».",
        "Réparer : écrit une copie où les valeurs qui n'ont qu'une lecture sont réparées.",
        "Retirer les marques : écrit une copie sans les surlignages ni les notes d'un contrôle.",
        "Figer les valeurs : écrit une copie sans formule CPOM, lisible sans le complément.",
        "Fonctions : bouton fx, catégorie « CPOM ». =CPOM_EXPLIQUE(cellule) dit pourquoi une "
        "cellule est en erreur.",
        "En cas de panne, dans une invite de commandes : xl-cpom complement diagnostic",
    )
    shown = " & vbCrLf & vbCrLf & _\r\n        ".join(texte(line) for line in help_lines)
    yield f'    MsgBox {shown}, vbInformation, "CPOM"'
    yield "End Sub"
    yield ""
    yield "Public Sub CpomVersion(bouton As IRibbonControl)"
    yield "    Dim installee As String"
    yield "    On Error GoTo echec"
    yield "    installee = CPOM_VERSION()"
    yield f"    MsgBox {texte(f'Complément : {__version__}')} & vbCrLf & _"
    yield f"        {texte('Programme Python : ')} & installee & vbCrLf & _"
    yield '        "xlwings : " & XLWINGS_VERSION, vbInformation, "CPOM"'
    yield "    Exit Sub"
    yield "echec:"
    yield f"    MsgBox {texte('Python ne répond pas : ')} & Err.Description & vbCrLf & _"
    yield '        derniereErreur, vbExclamation, "CPOM"'
    yield "End Sub"
