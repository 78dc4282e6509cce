"""The add-in of Excel: its formats, its VBA seen by olevba, its installation, its diagnostic."""

import dataclasses
import io
import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from xl_cpom.cli.complement import complement, show_checks
from xl_cpom.extras import install_command
from xl_cpom.functions import FUNCTIONS
from xl_cpom.typography import typeset
from xl_cpom.udfs.excel import cfb, installation, ovba, vba, windows_registry, xlam
from xl_cpom.udfs.excel.addin_diagnostic import AddInCheck, Probes, diagnose, machine_probes
from xl_cpom.udfs.excel.vba_project import VbaProject

pytest.importorskip("xlwings", reason="xlwings absent : complément Excel non construit")
RUBAN = "{http://schemas.microsoft.com/office/2006/01/customui}"


@pytest.fixture(scope="module")
def complement_excel():
    return xlam.construire()


@pytest.fixture(scope="module")
def parties(complement_excel):
    with zipfile.ZipFile(io.BytesIO(complement_excel)) as book:
        return {name: book.read(name) for name in book.namelist()}


# --- formats


def test_ovba_both_ways():
    rng = random.Random(2026)
    texts = [
        b"",
        b"a",
        b"a" * 9000,
        bytes(range(97, 123)) * 700,
        b"#aaabcdefaaaaghijaaaaaklaaamnopqaa",
    ]
    texts += [bytes(rng.choice(b"ab ") for _ in range(rng.randint(1, 9000))) for _ in range(30)]
    for text in texts:
        assert ovba.decompress(ovba.compress(text)) == text
    # the worked example of [MS-OVBA] 3.2.2
    expected = bytes.fromhex(
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D"
        "6E 6F 70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
    )
    plain = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    assert ovba.decompress(expected) == plain
    assert len(ovba.compress(plain)) == len(expected)


def test_ovba_refuses_what_it_is_not():
    for wrong in (
        b"",
        b"\x02abc",
        b"\x01\x02\xb0\x01\xff\xff",
        b"\x01\x01\xb0\x01\xff",
        b"\x01\x01",
    ):
        with pytest.raises(ovba.UnreadableVbaError):
            ovba.decompress(wrong)
    rng = random.Random(1)
    with pytest.raises(ovba.UnreadableVbaError):
        ovba.compress(bytes(rng.randrange(256) for _ in range(4095)))


def test_compound_file_both_ways_and_read_by_olefile():
    olefile = pytest.importorskip("olefile")
    rng = random.Random(7)
    tree = {
        "PROJECT": b"x" * 10,
        "vide": b"",
        "VBA": {
            f"m{n}": rng.randbytes(size) for n, size in enumerate((1, 63, 64, 4095, 4096, 90000))
        },
    }
    data = cfb.write(tree)
    assert cfb.read(data) == tree
    assert cfb.write(tree) == data
    assert cfb.read(cfb.write(cfb.read(data))) == tree
    held = olefile.OleFileIO(io.BytesIO(data))
    assert held.parsing_issues == []
    for name, content in tree["VBA"].items():
        assert held.openstream(["VBA", name]).read() == content
    for wrong in (b"", b"PK\x03\x04", data[:8] + bytes(600)):
        with pytest.raises(cfb.CompoundFileError):
            cfb.read(wrong)


# --- the add-in


def test_same_bytes_every_time(complement_excel):
    assert xlam.construire() == complement_excel
    assert xlam.xlwings_version(complement_excel) == __import__("xlwings").__version__


def test_olevba_reads_our_sources(complement_excel, parties):
    olevba = pytest.importorskip("oletools.olevba", reason="oletools absent : VBA non relu")
    seen = {
        name.rpartition(".")[0]: code
        for _, _, name, code in olevba.VBA_Parser("CPOM.xlam", complement_excel).extract_macros()
    }
    project = VbaProject(parties["xl/vbaProject.bin"])
    assert set(seen) == set(project.modules) == {
        "ThisWorkbook", "Dictionary", "xlwings", "Sheet2", "Module1",
    }  # fmt: skip
    for name, source in project.modules.items():
        assert seen[name].replace("\r\n", "\n") == source.replace("\r\n", "\n")
    assert project.name == "CPOM"
    assert project.modules["Module1"] == vba.module("Module1")


def test_vba_has_one_wrapper_per_function():
    source = vba.module("Module1")
    assert source.encode("cp1252").decode("cp1252") == source
    assert max(map(len, source.split("\r\n"))) < 1024, "limit of a VBA line"
    found = re.findall(r"^Public Function (CPOM_\w+)\((.*)\)$", source.replace("\r", ""), re.M)
    assert [name for name, _ in found] == list(FUNCTIONS)
    for name, params in found:
        expected = [("Optional " if p.optional else "") + p.name for p in FUNCTIONS[name].params]
        assert params == ", ".join(expected)
        assert f'Valeur(XLPy.CallUDF("xl_cpom.udfs.xlwings_module", "{name}", Array(' in source
    assert source.count("CVErr(2029)") == len(FUNCTIONS) + 1
    runs = max(len(re.findall(r" _\r\n", part)) for part in source.split("    Decrire "))
    assert runs <= 24, "limit of continued lines"


def test_the_wizard_learns_the_help_once_a_workbook_is_open(parties):
    modules = VbaProject(parties["xl/vbaProject.bin"]).modules
    head, _, code = modules["ThisWorkbook"].partition("Option Explicit")
    assert 'Attribute VB_Name = "ThisWorkbook"' in head
    assert "hote_WorkbookActivate(ByVal classeur As Workbook)\r\n    CpomDecrire\r\n" in code
    source = modules["Module1"]
    assert "If decrites Or Workbooks.Count = 0 Then Exit Sub" in source
    assert """macro = "'" & ThisWorkbook.Name & "'!" & nom""" in source
    described = re.findall(r'^    Decrire "(CPOM_\w+)"', source, re.M)
    assert described == list(FUNCTIONS)


def test_a_workbook_cannot_set_the_add_in(parties):
    xlwings = VbaProject(parties["xl/vbaProject.bin"]).modules["xlwings"]
    assert 'PROJECT_NAME As String = "CPOM"' in xlwings
    assert 'SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf")' not in xlwings
    assert 'If source = "" Or source = "directory"' not in xlwings
    assert '= ".py" Then' not in xlwings
    sheet = parties["xl/worksheets/sheet1.xml"].decode()
    assert "<t>xl_cpom.udfs.xlwings_module</t>" in sheet
    assert '<t>ADD_WORKBOOK_TO_PYTHONPATH</t></is></c><c r="B3" t="inlineStr"><is><t>False' in sheet
    assert "INTERPRETER" not in sheet
    everything = b"".join(parties.values()).decode("latin-1")
    assert "Felix" not in everything
    assert "C:\\Users\\felix" not in parties["xl/workbook.xml"].decode()


def test_the_python_of_excel_imports_nothing_from_the_current_folder(parties):
    """Each place where the add-in starts Python asks for -P; the sources have no other start."""
    xlwings = VbaProject(parties["xl/vbaProject.bin"]).modules["xlwings"]
    starts = re.findall(r'"([^"]*) -c ""', xlwings)
    assert starts == [" -P -B", " -P -B"]


def test_ribbon_calls_what_the_vba_has(parties):
    root = ElementTree.fromstring(parties["customUI/customUI.xml"])
    buttons = {b.get("label"): b.get("onAction") for b in root.iter(f"{RUBAN}button")}
    assert list(buttons) == [
        "Vérifier",
        "Réparer",
        "Retirer les marques",
        "Figer les valeurs",
        "Aide",
        "Version",
    ]
    assert [t.get("label") for t in root.iter(f"{RUBAN}tab")] == ["CPOM"]
    source = vba.module("Module1")
    for callback in buttons.values():
        assert f"Public Sub {callback}(bouton As IRibbonControl)" in source
    assert f"Public Sub {root.get('onLoad')}(ruban As IRibbonUI)" in source
    for command in vba.BUTTONS.values():
        scope: dict = {}
        exec(command.split(";")[0], scope)  # the import the button does
        called = command.split("ruban.")[1].removesuffix("()")
        assert callable(getattr(scope["ruban"], called))
    assert 'Target="customUI/customUI.xml"' in parties["_rels/.rels"].decode()
    for name, content in parties.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)


def test_template_of_another_xlwings_is_refused(monkeypatch):
    monkeypatch.setattr(xlam, "COUPES", (("ce texte n'y est pas", "", 1),))
    with pytest.raises(xlam.XlwingsTemplateError, match="a changé"):
        xlam.construire()
    monkeypatch.setattr(xlam, "find_spec", lambda name: None)
    with pytest.raises(xlam.XlwingsTemplateError, match="n'est pas installé"):
        xlam.gabarit()


# --- installation


def places(tmp_path, executable="C:/Python311/python.exe"):
    return installation.Locations.de(
        {"APPDATA": str(tmp_path / "Roaming"), "USERPROFILE": str(tmp_path)}, "win32", executable
    )


def test_places_and_installation(tmp_path):
    scripts = tmp_path / "venv" / "Scripts"
    scripts.mkdir(parents=True)
    (scripts / "pythonw.exe").touch()
    this_places = places(tmp_path, str(scripts / "python.exe"))
    assert this_places.interpreter == scripts / "pythonw.exe"
    installation.install_addin(b"xlam", this_places)
    target = tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "CPOM.xlam"
    assert target.read_bytes() == b"xlam"
    settings = (tmp_path / ".CPOM" / "CPOM.conf").read_bytes()
    assert settings == f'"INTERPRETER_WIN","{scripts / "pythonw.exe"}"\r\n'.encode()
    assert installation.read_settings(settings) == str(scripts / "pythonw.exe")
    assert installation.read_settings(b'"AUTRE","x"\r\n') == ""


def test_installation_refused(tmp_path, monkeypatch):
    impossible = installation.InstallationError
    with pytest.raises(impossible, match="Windows seulement"):
        installation.Locations.de({}, "linux", "/usr/bin/python3")
    with pytest.raises(impossible, match="APPDATA"):
        installation.Locations.de({}, "win32", "python.exe")
    with pytest.raises(impossible, match="réglages"):
        installation.install_addin(b"", places(tmp_path, "C:/utilisateurs/日本/python.exe"))

    def locked(path, data):
        raise PermissionError

    monkeypatch.setattr(Path, "write_bytes", locked)
    with pytest.raises(impossible, match="fermez Excel"):
        installation.install_addin(b"", places(tmp_path))


# --- diagnostic


@pytest.fixture
def machine(tmp_path, complement_excel):
    """A Windows where nothing is missing."""
    this_places = places(tmp_path)
    version = xlam.xlwings_version(complement_excel)
    files = {
        this_places.complement: complement_excel,
        this_places.settings: installation.settings_text(this_places.interpreter),
        this_places.interpreter: b"",
        this_places.interpreter.parent / f"xlwings64-{version}.dll": b"",
    }
    return files, Probes(
        platform="win32",
        python=(3, 12),
        version={"xlwings": version, "pywin32": "312"}.get,
        read=files.get,
        exists=files.__contains__,
        register=lambda cle, valeur: None,
        blocked=lambda cle: (),
        places=lambda: this_places,
        expected_addin=lambda: complement_excel,
    )


def missing(sondes):
    return [(c.question, c.detail) for c in diagnose(sondes) if c.state is False]


def test_nothing_missing(machine):
    _, sondes = machine
    found = diagnose(sondes)
    assert all(c.state for c in found), found
    lines: list[str] = []
    assert show_checks(found, lines.append) == 0
    assert len(lines) == len(found)


@pytest.mark.parametrize(
    ("change", "question", "detail"),
    [
        ({"python": (3, 9)}, "Python", "version 3.9"),
        ({"version": {"pywin32": "312"}.get}, "xlwings", "absent"),
        ({"version": {"xlwings": "0.37.8"}.get}, "pywin32", "absent"),
        ({"version": {"xlwings": "0.36.0", "pywin32": "1"}.get}, "accord des versions", "0.36.0"),
        ({"expected_addin": lambda: b"autre"}, "contenu du complément", "différent"),
        (
            {"blocked": lambda cle: ("c:\\…\\cpom.xlam",)},
            "réglages de sécurité d'Excel",
            "désactivé",
        ),
    ],
)
def test_what_is_missing(machine, change, question, detail):
    _, sondes = machine
    found = missing(dataclasses.replace(sondes, **change))
    assert any(q == question and detail in d for q, d in found), found


@pytest.mark.parametrize(
    ("this_key", "value", "datum", "detail"),
    [
        ("Policies", "VBAWarnings", 4, "macros"),
        ("Office\\16.0\\Excel\\Security", "DisableAllAddins", 1, "compléments sont désactivés"),
        ("Policies", "RequireAddinSig", 1, "signés"),
        ("Trusted Locations", "AllLocationsDisabled", 1, "emplacements"),
    ],
)
def test_security_settings(machine, this_key, value, datum, detail):
    _, sondes = machine
    read = lambda key, name: datum if this_key in key and name == value else None  # noqa: E731
    ((question, said),) = missing(dataclasses.replace(sondes, register=read))
    assert (question, detail in said) == ("réglages de sécurité d'Excel", True)


def test_files_missing_or_spoilt(machine):
    files, sondes = machine
    places = sondes.places()
    zone = Path(f"{places.complement}:Zone.Identifier")
    files[zone] = b"[ZoneTransfer]\r\nZoneId=3"
    assert missing(sondes)[0][0] == "provenance"
    del files[zone]
    kept = files[places.complement]
    files[places.complement] = kept[:5000]
    assert missing(sondes) == [("contenu du complément", "le fichier est abîmé")]
    del files[places.complement]
    assert "est absent" in missing(sondes)[0][1]
    files[places.complement] = kept
    del files[places.interpreter]
    assert "n'existe plus" in missing(sondes)[0][1]
    files[places.interpreter] = b""
    dll = next(p for p in files if p.suffix == ".dll")
    del files[dll]
    assert ".dll" in missing(sondes)[0][1]
    files[places.settings] = b""
    assert "où est Python" in missing(sondes)[0][1]


def test_this_machine_and_the_command():
    found = diagnose(machine_probes())
    assert [c.question for c in found][:2] == ["Python", "xlwings"]
    assert found[-1] == AddInCheck("Windows et Excel", None, found[-1].detail)
    assert windows_registry.register("Software", "x") is None
    assert windows_registry.disabled_items("Software") == ()
    shown = CliRunner().invoke(complement, ["diagnostic"])
    assert shown.exit_code == 0
    assert "Windows seulement" in shown.output
    refused = CliRunner().invoke(complement, ["installer"])
    assert refused.exit_code == 2
    assert "LibreOffice" in refused.output


def test_build(tmp_path):
    pytest.importorskip("xl_cpom.udfs.libreoffice")
    done = CliRunner().invoke(complement, ["construire", "-o", str(tmp_path / "sortie")])
    assert done.exit_code == 0, done.output
    assert {p.name for p in (tmp_path / "sortie").iterdir()} == {
        "CPOM.xlam", "CPOM.oxt", "serveur-excel", "LISEZMOI.txt",
        "CPOM_socle_sans_complement_Excel_365.xlsx",
    }  # fmt: skip
    notice = (tmp_path / "sortie" / "LISEZMOI.txt").read_text("utf-8")
    assert "sans Excel" in notice
    assert re.findall(r"^ ?(\d+)\. ", notice, re.M) == [str(n) for n in range(1, 13)]
    assert notice == typeset(notice)
    settings = tmp_path / "sortie" / "serveur-excel" / ".env"
    settings.write_text('XLWINGS_LICENSE_KEY="noncommercial"', "utf-8")
    assert CliRunner().invoke(complement, ["construire", "-o", str(tmp_path / "sortie")]).output
    assert settings.read_text("utf-8") == 'XLWINGS_LICENSE_KEY="noncommercial"'


def test_without_xlwings_the_rest_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(xlam, "find_spec", lambda name: None)
    done = CliRunner().invoke(complement, ["construire", "-o", str(tmp_path)])
    assert done.exit_code == 2
    assert "CPOM.xlam n'a pas été construit" in done.output
    assert install_command("excel") in done.output
    assert {p.name for p in tmp_path.iterdir()} == {
        "CPOM.oxt", "serveur-excel", "LISEZMOI.txt", "CPOM_socle_sans_complement_Excel_365.xlsx",
    }  # fmt: skip
