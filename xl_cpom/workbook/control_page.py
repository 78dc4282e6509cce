"""The page that controls without an installation, as « Accueil » names it: file or address."""

from __future__ import annotations

import re

CONTROL_PAGE = "controle-cpom.html"
"""Name of its file, as `make navigateur` writes it."""

NAMED = re.compile(rf"https?://[^\s\u00a0»]+|[\w.-]+\.html|{re.escape(CONTROL_PAGE)}")
"""How a text of the template may name it."""
