"""DIF: the ESMS in financial difficulty."""
