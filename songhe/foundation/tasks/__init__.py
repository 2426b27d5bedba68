"""Work for people: owner, region, due date, and never closed without an outcome."""
