"""The rules: a family is a folder, the code of a rule says which one (`catalogue.FAMILLES`).

Every module of a family's folder is imported by the catalogue: a file put there is enough, and a
test refuses a rule that stands in another family's folder. What several families ask of a workbook
is in `validators.facts`.
"""
