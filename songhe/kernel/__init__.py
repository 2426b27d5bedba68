"""Values without a database: money, days, region codes, clauses, errors. Knows no room and no framework."""
