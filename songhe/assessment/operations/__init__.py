"""Deeds of the room. Each takes its actor and the day or moment, and refuses in words what may not be done."""
