"""IND: the rates declared, against those recomputed from the rows."""
