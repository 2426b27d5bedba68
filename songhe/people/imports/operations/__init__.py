"""The deeds of an import: handing in, saying whom rows are about, leaving rows out, proposing, approving, undoing."""
