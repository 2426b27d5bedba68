"""The readings of one tree. `reference` is the meaning; the others must agree with it, unknowns included."""
