"""What rules of several families ask of a workbook: facts, groups of rows, thresholds, delays.

Nothing is declared here, and nothing here knows a rule.
"""
