"""The English words of the pages: one catalogue a room, made from the Chinese in templates and code."""
