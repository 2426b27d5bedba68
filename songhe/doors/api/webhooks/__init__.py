"""What happened is told to systems that asked for it: ids and times, signed, again until it is taken."""
