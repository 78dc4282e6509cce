"""STR: the workbook itself: its tabs, headers, cells and formulas, and the file that holds them."""
