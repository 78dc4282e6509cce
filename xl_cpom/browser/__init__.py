"""The control inside a web page: what the worker asks of the engine, and nothing of the page."""
