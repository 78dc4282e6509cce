"""The add-in CPOM.xlam, packed from xlwings' own add-in template (BSD-3) and our VBA.

Nothing is taken from the machine: the same versions give the same bytes. The settings a workbook or
its folder could impose on the add-in (which Python to start, where to import from) are cut: an
add-in must not run code because a received workbook asks for it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from xl_cpom.errors import XlCpomError
from xl_cpom.extras import install_command
from xl_cpom.version import __version__

from . import vba
from .vba_project import VbaProject

NOM = "CPOM"
FICHIER = "CPOM.xlam"
MODULE = "Module1"
CLASSEUR = "ThisWorkbook"
GABARIT_XLWINGS = "quickstart_addin.xlam"
DATE_FIXE = (2026, 1, 1, 0, 0, 0)

SETTINGS = {
    "UDF MODULES": vba.MODULE_PYTHON,
    "USE UDF SERVER": "True",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "DEBUG UDFS": "False",
    "SHOW CONSOLE": "False",
    "PYTHONPATH": "",
}
"""Settings held by the add-in; the interpreter is in the user's own file, see `installation`."""

COUPES = (
    ('If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then', "If False Then", 1),
    ('If source = "" Or source = "directory" Then', 'If source = "directory" Then', 1),
    ('If Right$(sht.Name, 3) = ".py" Then', "If False Then", 2),
    (' -B -c ""', ' -P -B -c ""', 2),
)
"""(text of xlwings' module, what replaces it, how often): what a workbook may not decide, nor the
folder Excel happens to be in (-P: Python imports nothing from there)."""

RUBAN = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui" onLoad="CpomCharge">
  <ribbon>
    <tabs>
      <tab id="cpomOnglet" label="CPOM">
        <group id="cpomControle" label="Contrôle">
          <button id="cpomVerifier" label="Vérifier" imageMso="AcceptInvitation" size="large"
            onAction="CpomVerifier" screentip="Vérifier le classeur"
            supertip="Enregistre le classeur, le contrôle et remplit la feuille « Contrôles »."/>
          <button id="cpomReparer" label="Réparer" imageMso="Repair" size="large"
            onAction="CpomReparer" screentip="Réparer ce qui n'a qu'une lecture"
            supertip="Écrit une copie où les valeurs mal saisies sont réparées."/>
          <button id="cpomMarques" label="Retirer les marques" imageMso="ReviewDeleteComment"
            size="large" onAction="CpomMarques" screentip="Retirer les marques"
            supertip="Écrit une copie sans les surlignages ni les notes d'un contrôle."/>
          <button id="cpomFiger" label="Figer les valeurs" imageMso="PasteValues" size="large"
            onAction="CpomFiger" screentip="Figer les valeurs"
            supertip="Écrit une copie sans formule CPOM, lisible sans le complément."/>
        </group>
        <group id="cpomInformation" label="Information">
          <button id="cpomAide" label="Aide" imageMso="Help" size="large" onAction="CpomAide"/>
          <button id="cpomVersion" label="Version" imageMso="Info" size="large"
            onAction="CpomVersion"/>
        </group>
      </tab>
    </tabs>
  </ribbon>
</customUI>
""".replace("« ", "«\u00a0").replace(" »", "\u00a0»")


class DamagedAddInError(XlCpomError, ValueError):
    """The bytes are not a readable .xlam."""


class XlwingsTemplateError(XlCpomError, RuntimeError):
    """The template of xlwings is absent, or is not the one this builder knows."""


def gabarit() -> bytes:
    """Bytes of xlwings' add-in template. Raises XlwingsTemplateError when xlwings is absent."""
    spec = find_spec("xlwings")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0]) / GABARIT_XLWINGS if folders else None
    if path is None or not path.is_file():
        raise XlwingsTemplateError(
            f"xlwings n'est pas installé\u00a0: {install_command('excel')}, puis recommencez"
        )
    return path.read_bytes()


def construire(template: bytes | None = None) -> bytes:
    """Bytes of CPOM.xlam. Raises XlwingsTemplateError when the template is not the expected one."""
    with zipfile.ZipFile(io.BytesIO(gabarit() if template is None else template)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    parts["xl/vbaProject.bin"] = _project(parts["xl/vbaProject.bin"])
    parts["xl/workbook.xml"] = _workbook(parts["xl/workbook.xml"].decode()).encode()
    parts["xl/worksheets/sheet1.xml"] = _settings().encode()
    parts["docProps/core.xml"] = _properties().encode()
    parts["customUI/customUI.xml"] = RUBAN.encode()
    parts["_rels/.rels"] = _relationships(parts["_rels/.rels"].decode()).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, DATE_FIXE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return packed.getvalue()


def _project(data: bytes) -> bytes:
    project = VbaProject(data)
    xlwings = project.modules.get("xlwings", "")
    for before, after, times in COUPES:
        xlwings = _replace(xlwings, before, after, times)
    name = 'PROJECT_NAME As String = "{}"'
    xlwings = _replace(xlwings, name.format("myaddin"), name.format(NOM))
    project.modules["xlwings"] = xlwings
    project.modules[MODULE] = vba.module(MODULE)
    project.modules[CLASSEUR] = vba.this_workbook(project.modules[CLASSEUR])
    project.rename(NOM)
    return project.write()


def _replace(text: str, before: str, after: str, times: int = 1) -> str:
    found = text.count(before)
    if found != times:
        raise XlwingsTemplateError(
            f"le modèle de complément de xlwings a changé\u00a0: «\u00a0{before}\u00a0» y figure "
            f"{found}\u00a0fois au lieu de {times}"
        )
    return text.replace(before, after)


def xlwings_version(data: bytes) -> str:
    """Version of xlwings a .xlam was built from: it must be the one installed.

    Raises DamagedAddInError when the file is not a readable add-in.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            project = VbaProject(book.read("xl/vbaProject.bin"))
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, OSError) as broken:
        raise DamagedAddInError("le fichier est abîmé") from broken
    found = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', project.modules.get("xlwings", ""))
    return found[1] if found else ""


def _workbook(text: str) -> str:
    text = _replace(text, 'name="_myaddin.conf"', f'name="{NOM}.conf"')
    return re.sub(r"<mc:AlternateContent.*?</mc:AlternateContent>", "", text, flags=re.DOTALL)


def _settings() -> str:
    rows = "".join(
        f'<row r="{n}">{_text(f"A{n}", key)}{_text(f"B{n}", value)}</row>'
        for n, (key, value) in enumerate(SETTINGS.items(), start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetPr codeName="Sheet2"/><sheetData>{rows}</sheetData></worksheet>'
    )


def _text(ref: str, value: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _properties() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Complément CPOM {__version__}</dc:title><dc:creator>xl_cpom</dc:creator>"
        "<dc:description>Fonctions et contrôle du classeur CPOM socle. Contient xlwings, licence "
        "BSD à trois clauses.</dc:description></cp:coreProperties>"
    )


def _relationships(text: str) -> str:
    ribbon = (
        '<Relationship Id="rIdCpom" '
        'Type="http://schemas.microsoft.com/office/2006/relationships/ui/extensibility" '
        'Target="customUI/customUI.xml"/>'
    )
    return _replace(text, "</Relationships>", ribbon + "</Relationships>")
