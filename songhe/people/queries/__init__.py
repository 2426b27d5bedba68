"""Reading the register. Nothing here writes; everything sees the region of the transaction's scope and no other."""
