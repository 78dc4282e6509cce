"""The formulas of the template: variants, spelling, French form."""
