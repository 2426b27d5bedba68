"""Events a room tells: written with the deed, delivered afterwards, repeated until they are taken."""
