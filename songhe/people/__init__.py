"""Older persons, their households and what is recorded about them."""
