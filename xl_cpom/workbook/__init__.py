"""The standard workbook: what it is, how it is written, how it is read back."""
