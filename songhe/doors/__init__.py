"""Doors: what crosses rooms. The console for staff; later the portal for the public."""
