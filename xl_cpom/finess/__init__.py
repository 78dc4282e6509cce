"""The public FINESS extract: read once, asked by number."""
