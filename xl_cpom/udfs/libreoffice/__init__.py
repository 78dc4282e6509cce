"""The functions in LibreOffice Calc: an extension made of text, generated from the registry.

| module | what it does |
|---|---|
| `oxt` | `construire_oxt(path)`: packs the extension |
| `preparation` | `preparer_pour_libreoffice(path, copy)`: a copy old versions can recalculate |
| `noms`, `descripteurs` | names and types in UNO; help, type library, registration |
| `coeur`, `anciens_pythons`, `motifs` | the core as LibreOffice's older Pythons can read it |
| `conversion`, `gele`, `cpom_addin` | what runs inside LibreOffice |

Nothing is imported here: this file is packed too.
"""
