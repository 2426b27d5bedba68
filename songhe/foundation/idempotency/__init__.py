"""The same request twice is done once: answers kept by key."""
