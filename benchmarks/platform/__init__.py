"""The platform measured: a city from nothing, pages under many clients, departments' lists, the walls, matching."""
