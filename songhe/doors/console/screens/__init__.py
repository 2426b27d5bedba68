"""The pages of the console that belong to no single room."""
