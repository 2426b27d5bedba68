"""What every person may have: decided in the database, kept, and turned into work where it changes."""
