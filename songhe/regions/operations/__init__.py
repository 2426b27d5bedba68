"""Changes of divisions."""
