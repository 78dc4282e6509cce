"""Measures, as ratios against a floor and a peer taken in the same run: `python -m benchmarks`."""
