"""Decisions where people are stored: runs, few people, one, the loop that anybody would write first, the simulator."""
