"""Processes that may die alone: shared by campaigns and by the server."""
