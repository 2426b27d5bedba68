"""Songhe 松鹤: basic elderly-care services of a city, from the published list to the person."""

__version__ = "0.1.0"
