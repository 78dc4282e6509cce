"""The little of `cryptography` that opening a workbook with its password needs, in plain Python.

The real one is compiled code of several megabytes. Only decryption is here: nothing is ever
encrypted, no key and no chance is drawn. `tests/navigateur/test_standin.py` holds it against the
real one.
"""
