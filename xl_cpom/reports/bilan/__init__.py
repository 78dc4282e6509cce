"""The bilan of a contract: five years side by side, what is reached, what is left and becomes.

`contract_outcome` works it out from the last return and those before, `bilan_page` shows it
as HTML, `bilan_workbook` as a workbook whose « Devenir » the ARS and the organisme fill in, which
`decisions` reads.
"""
