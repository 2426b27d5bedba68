"""The database as the rooms use it: roles, row-level security by region, preparing, bulk loading."""
