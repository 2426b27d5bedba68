"""What every room stands on: the database server, access, audit, files. Knows no room."""
