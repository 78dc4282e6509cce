"""PER: who is in the contract and since when, and the avenants that say so."""
