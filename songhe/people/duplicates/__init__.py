"""The same person twice: pairs to review side by side, merged and unmerged."""
