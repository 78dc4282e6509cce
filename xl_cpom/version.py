"""The version of the package: a leaf that every module may import."""

from __future__ import annotations

__version__ = "0.1.0"
