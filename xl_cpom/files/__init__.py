"""Files of the machine: whole writes, texts in, errors of the system in French."""
