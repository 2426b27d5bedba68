"""Where the parts are put together: paths, settings, the command line."""
