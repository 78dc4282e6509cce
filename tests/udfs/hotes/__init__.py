"""Hosts that need a process of their own: each reads calls as JSON and answers as JSON."""
