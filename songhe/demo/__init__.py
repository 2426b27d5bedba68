"""One invented city: places that exist, people who do not. Nobody here is anybody."""
