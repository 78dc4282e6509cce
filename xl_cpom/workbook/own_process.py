"""What a process of ours that hands a file to the parsers of others holds itself to."""

from __future__ import annotations

_MEMORY = 1024 * 1024 * 1024


def limit_memory() -> None:
    """Take no more than a gibibyte, where the system can hold us to it."""
    try:
        import resource
    except ImportError:  # Windows: the time alone is held
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
