"""Measurements of Songhe against a peer; see README.md. Not part of the package that is installed."""
