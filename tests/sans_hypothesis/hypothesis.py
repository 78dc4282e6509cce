"""Hides hypothesis from the processes that tests start, as where the product is installed.

pandera imports it wherever it finds it: a third of a second for each command, each worker.
"""

raise ImportError("hypothesis is for the tests, not for what they start")
