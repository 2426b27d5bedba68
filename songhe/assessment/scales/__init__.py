"""Assessment scales as data, and what answers to them come to. Pure: knows no database and no clock."""
