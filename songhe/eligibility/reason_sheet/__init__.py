"""The reason sheet of a person: each item's answer, why, what would change it, and where it is written."""
