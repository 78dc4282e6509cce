"""The rules, one module per family of the catalogue. Each rule is declared once, here."""
