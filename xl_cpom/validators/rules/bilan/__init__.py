"""BIL: the last year of a contract, when what is not reached is explained."""
