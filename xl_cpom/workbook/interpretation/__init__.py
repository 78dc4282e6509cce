"""From raw cells to the typed workbook, with what is remarked."""
