"""Matching records that have no identity number, by what else is written about a person."""
