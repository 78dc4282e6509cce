"""The functions of the workbook's cells, and each place that computes them.

`core` is the one registry (standard library only); the other modules of this package carry it to
Excel (COM, Server, Lite), to LibreOffice, to LAMBDA names. Importing `xl_cpom.udfs` costs nothing.
"""
