"""What the law says: instruments, lists and their releases, from a draft to what is issued."""
