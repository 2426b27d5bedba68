"""A whole register at once, by COPY: for the demo city and for a first take-over."""
