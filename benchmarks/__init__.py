"""Measured beside peers or limits, in one run: `make bench`."""
