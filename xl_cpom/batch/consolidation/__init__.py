"""The tables that gather all returns."""
