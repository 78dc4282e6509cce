"""The page and the workbook of the region."""
