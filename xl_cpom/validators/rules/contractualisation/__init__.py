"""CTR: the diagnostic of period N, before the contract is negotiated."""
