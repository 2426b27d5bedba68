"""Advising: a person, or somebody only described, what she may have, the next question, and who follows it up."""
