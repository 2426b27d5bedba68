"""The simulator: what a change of a list would mean for the people of a region, answered from a resident roll."""
