"""Department files: staged, compared with the register, approved by a second person, applied at once, undone."""
