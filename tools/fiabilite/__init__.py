"""`make reliability`: every file we can get hold of, through every reader, with what became of it.

corpus: public test files, from pinned packages; lecteurs: the readers, one answer each in a killed
worker; desaccords: cell against cell, and why they differ; mesures: times and memory; fuites: two
thousand files in one process.
"""
