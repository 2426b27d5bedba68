"""Lists that an account set up and named: the filters of a page as its address says them. Nobody else sees them."""
