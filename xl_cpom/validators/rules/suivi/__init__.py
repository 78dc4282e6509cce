"""SUI: where the actions, the points de fragilité and the targets stand, year after year."""
