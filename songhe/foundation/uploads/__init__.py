"""Files that people hand in: their kind told by content, their size limited, kept out of the web root."""
