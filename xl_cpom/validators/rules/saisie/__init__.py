"""FMT: what a cell holds, against the type of its column."""
