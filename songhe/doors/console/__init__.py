"""The staff console: navigation, sign-in, home, error pages."""
