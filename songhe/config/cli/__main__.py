"""`python -m songhe.config.cli`: for processes that are started by this one's own Python."""

from songhe.config.cli import main

main()
