"""The control of a returned workbook: pandera schemas, rules, engine, verdict."""
