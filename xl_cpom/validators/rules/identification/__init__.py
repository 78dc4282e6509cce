"""IDE: who signs the contract, for how long, and for which ESMS."""
