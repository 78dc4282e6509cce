"""The functions in LibreOffice Calc: an extension made of text, generated from the registry.

| module | what it does |
|---|---|
| `oxt` | `build_oxt(path)`: packs the extension |
| `workbook_copy` | `prepare_for_libreoffice(path, copy)`: a copy old versions can recalculate |
| `uno_names`, `descriptors` | names and types in UNO; help, type library, registration |
| `bundled_core`, `older_pythons`, `match_patterns` | the core for older Pythons |
| `conversion`, `frozen_referentiel`, `cpom_addin` | what runs inside LibreOffice |

Nothing is imported here: this file is packed too.
"""
