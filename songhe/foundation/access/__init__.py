"""Who may do what, in which region: accounts, roles, grants, the scope of a transaction."""
