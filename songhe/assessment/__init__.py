"""Ability assessment: from a request to a result that the whole city trusts."""
