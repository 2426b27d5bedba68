"""Long work in the background, with progress that a person can leave and come back to."""
