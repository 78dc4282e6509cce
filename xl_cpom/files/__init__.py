"""Files of the machine: whole writes, private drafts, texts in, errors of the system in French."""
