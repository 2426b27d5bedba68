"""The report of a determination: one HTML page that stands on its own and needs nothing from outside."""
