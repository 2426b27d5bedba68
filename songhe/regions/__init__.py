"""Administrative divisions with their dates: merges and splits keep history."""
