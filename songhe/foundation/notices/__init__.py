"""Messages to people at work: in the console, and outward through adapters."""
