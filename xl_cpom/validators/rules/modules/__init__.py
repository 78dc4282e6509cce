"""MOD: the modules that the contract activates, and its plan of actions."""
