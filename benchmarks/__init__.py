"""Measured side by side: `python -m benchmarks.run`, or `make bench`."""
