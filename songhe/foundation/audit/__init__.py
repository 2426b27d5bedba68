"""What was done and who read what: written with the deed, sealed afterwards, verified by anybody."""
